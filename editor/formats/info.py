"""What is in a file, as plain values for `info --json`, whose keys scripts rely on."""

import io
from collections.abc import Collection
from typing import Any

import msgspec
from PIL import ImageCms

from editor.document.layer import AdjustmentLayer, Group, Layer, LayerId, Mask, PixelLayer
from editor.formats.format import Loaded


def info(loaded: Loaded, stale: Collection[LayerId] = ()) -> dict[str, Any]:  # Any: it is JSON
    """Return what JSON can hold of the document: layers bottom first, rects as [x0, y0, x1, y1].

    `stale` names the layers made from what has since changed, which only the generation room knows.
    """
    document = loaded.document
    return {
        "format": loaded.format,
        "size": list(document.size),
        "dpi": document.dpi,
        "icc": None if document.icc is None else profile_name(document.icc),
        "layers": [_layer(each, stale) for each in document.layers],
        "warnings": list(loaded.warnings),
    }


def profile_name(icc: bytes) -> str:
    """Return what a colour profile calls itself."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        return str(ImageCms.getProfileDescription(profile)).strip() or "unnamed profile"
    except (ImageCms.PyCMSError, OSError, ValueError):
        return "unreadable profile"


def _layer(layer: Layer, stale: Collection[LayerId]) -> dict[str, Any]:
    pixel = layer if isinstance(layer, PixelLayer) else None
    recipe = pixel.recipe if pixel is not None else None
    return {
        "id": layer.id,
        "name": layer.name,
        "kind": _kind(layer),
        "rect": list(layer.rect),
        "opacity": layer.opacity,
        "blend_mode": layer.blend_mode.value,
        "visible": layer.visible,
        "locked": layer.locks.any,
        "clipped": layer.clipped,
        "mask": None if layer.mask is None else _mask(layer.mask),
        "recipe": None if recipe is None else msgspec.to_builtins(recipe),
        "stale": layer.id in stale,
        "variants": len(pixel.variants) if pixel is not None else 0,
        "children": (
            [_layer(child, stale) for child in layer.children] if isinstance(layer, Group) else []
        ),
    }


def _kind(layer: Layer) -> str:
    if isinstance(layer, Group):
        return "group"
    if isinstance(layer, AdjustmentLayer):
        return "adjustment"
    return "pixel" if layer.text is None else "text"


def _mask(mask: Mask) -> dict[str, Any]:
    return {
        "rect": list(mask.rect),
        "outside": mask.coverage.outside,
        "enabled": mask.enabled,
    }
