"""The only bridge between documents and the generator: document to request, result to edit.

Nothing else in the editor knows what a model wants, and the generator knows nothing of layers.
"""

from editor.generation.asked import Asked, Given, asked_again, made_together
from editor.generation.order import Order, bare_request, box_of, order_for
from editor.generation.placing import NAME_LENGTH, Placed, layer_name, placed, title_of
from editor.generation.refresh import Refresh
from editor.generation.seen import box_of_layer, pixels_hash
from editor.generation.staleness import Staleness, stale_layers

__all__ = [
    "NAME_LENGTH",
    "Asked",
    "Given",
    "Order",
    "Placed",
    "Refresh",
    "Staleness",
    "asked_again",
    "bare_request",
    "box_of",
    "box_of_layer",
    "layer_name",
    "made_together",
    "order_for",
    "pixels_hash",
    "placed",
    "stale_layers",
    "title_of",
]
