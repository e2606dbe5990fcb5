"""Pictures of any colour model to straight RGBA8, through their profile where they have one."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from editor.document.pixels import RGBA8, Grey8

_WORDS = {"CMYK": "CMYK", "LAB": "Lab", "YCbCr": "YCbCr", "HSV": "HSV"}


def to_rgba(image: Image.Image, icc: bytes | None) -> tuple[RGBA8, bytes | None, tuple[str, ...]]:
    """Return (h, w, 4) pixels, the profile that they are in now, and what the user should know.

    An RGB picture keeps its numbers and its profile. Any other is converted to sRGB: by its own
    profile if that fits, else by the plain formula.
    """
    if image.mode in ("RGB", "RGBA", "P", "PA", "RGBa", "RGBX"):
        rgba = np.asarray(image.convert("RGBA"))
        return rgba, icc if _space(icc) == "RGB" else None, ()
    if image.mode in ("L", "LA") and icc is not None and _space(icc) == "GRAY":
        converted = _by_profile(image.getchannel("L"), icc)
        if converted is not None:
            if image.mode == "LA":
                converted = np.dstack([converted[..., :3], np.asarray(image.getchannel("A"))])
            return converted, None, ("The colours were converted from greyscale to sRGB.",)
    if image.mode in ("1", "L", "LA", "La"):
        return np.asarray(image.convert("RGBA")), None, ()
    if image.mode.startswith(("I", "F")):
        grey = Image.fromarray(_grey_from_deep(np.asarray(image), image.mode))
        return np.asarray(grey.convert("RGBA")), None, ()
    said = f"The colours were converted from {_WORDS.get(image.mode, image.mode)} to sRGB."
    if icc is not None and _space(icc) == {"CMYK": "CMYK", "LAB": "LAB"}.get(image.mode):
        converted = _by_profile(image, icc)
        if converted is not None:
            return converted, None, (said,)
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        rgb = ImageCms.profileToProfile(
            image, lab, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
        assert rgb is not None
        return np.asarray(rgb.convert("RGBA")), None, (said,)
    return np.asarray(image.convert("RGB").convert("RGBA")), None, (said,)


def _by_profile(image: Image.Image, icc: bytes) -> RGBA8 | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        target = ImageCms.createProfile("sRGB")
        rgb = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # a profile that cannot be used: the plain formula, and the same sentence
    assert rgb is not None
    return np.asarray(rgb.convert("RGBA"))


def _space(icc: bytes | None) -> str:
    """Return the colour space a profile is about, as its header says (ICC.1:2022, 7.2.8)."""
    return "" if icc is None else icc[16:20].decode("latin-1").strip().upper()


def _grey_from_deep(grey: NDArray[np.generic], mode: str) -> Grey8:
    """Return uint8 grey: integers are 16-bit, floats are 0 to 1 or, where larger, 0 to 65535."""
    values = grey.astype(np.float32)
    full = 65535.0 if not mode.startswith("F") or values.max(initial=0.0) > 1.0 else 1.0
    result: Grey8 = np.rint(np.clip(values / full, 0.0, 1.0) * 255).astype(np.uint8)
    return result
