"""How the pocket model was made: pictures drawn by code, a codec, a denoiser, and their export.

`python -m generator.training --stage all --steps N --out DIR` runs every stage on the CPU and can
be stopped and resumed. Nothing here runs while the editor is used; `layer_diffusion` never imports
it.
"""
