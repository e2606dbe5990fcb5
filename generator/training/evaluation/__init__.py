"""How good a model of transparent layers is: numbers, sheets and blind comparisons.

Everything goes through the engine's one pipeline, so that the pocket model, SD 1.5 and SDXL are
asked the same questions. Nothing here changes a model.
"""
