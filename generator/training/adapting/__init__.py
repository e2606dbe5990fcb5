"""An adapter for one's own transparent assets: a LoRA trained on a folder of PNGs.

One code for every family that the pipeline runs: the model's own encoder makes the latents, its own
schedule says what is learned, and the result is a file that the engine wears as any user's LoRA.
The model's own weights are never written.
"""
