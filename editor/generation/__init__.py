"""The only bridge between documents and the generator: document to request, result to edit.

Nothing else in the editor knows what a model wants, and the generator knows nothing of layers.
"""

from editor.generation.asked import Asked, Given, asked_again, made_together
from editor.generation.order import Order, box_of, order_for
from editor.generation.placing import NAME_LENGTH, Placed, layer_name, placed, title_of
from editor.generation.seen import box_of_layer, pixels_hash

__all__ = [
    "NAME_LENGTH",
    "Asked",
    "Given",
    "Order",
    "Placed",
    "asked_again",
    "box_of",
    "box_of_layer",
    "layer_name",
    "made_together",
    "order_for",
    "pixels_hash",
    "placed",
    "title_of",
]
