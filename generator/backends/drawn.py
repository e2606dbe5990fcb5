"""What the fake engine draws for each task: discs, washes and silhouettes from the request alone.

No model and no taste: enough that a test can tell whose picture it is and where it went.
"""

import hashlib

import numpy as np

from generator.request import RGBA8, GenerationRequest, Role, Task

_MAX_SIDE = 4096
_COLOURS = {
    "red": (214, 40, 40),
    "green": (56, 142, 60),
    "blue": (33, 100, 200),
    "yellow": (250, 204, 30),
    "orange": (245, 130, 32),
    "purple": (123, 50, 160),
    "white": (244, 244, 244),
    "black": (24, 24, 24),
}

Drawn = tuple[tuple[Role, RGBA8], ...]


def drawn(request: GenerationRequest, seed: int) -> Drawn:
    """Return one variant's pictures by role, first the one that the task is about."""
    match request.task:
        case Task.BACKGROUND:
            below = _wash(_colour(request.prompt, _digest(request, seed)), _size(request))
            above = _given(request, Role.FOREGROUND)
            return (Role.BACKGROUND, below), (Role.BLENDED, _over(above, below))
        case Task.FOREGROUND:
            disc = _disc(request.foreground_prompt or request.prompt, request, seed)
            below = _given(request, Role.BACKGROUND)
            return (Role.FOREGROUND, disc), (Role.BLENDED, _over(disc, below))
        case Task.TOGETHER:
            digest = _digest(request, seed)
            disc = _disc(request.foreground_prompt or request.prompt, request, seed)
            words = request.background_prompt or request.prompt
            below = _wash(_colour(words, digest[::-1]), _size(request))
            made = ((Role.FOREGROUND, disc), (Role.BACKGROUND, below))
            return (*made, (Role.BLENDED, _over(disc, below)))
        case Task.REPAINT:
            return ((Role.FOREGROUND, _repainted(request, seed)),)
        case Task.UPSCALE:
            image = _given(request, Role.IMAGE)
            return ((Role.FOREGROUND, image.repeat(request.scale, 0).repeat(request.scale, 1)),)
        case Task.SHADOW:
            above = _given(request, Role.FOREGROUND)
            return (Role.SHADOW, _silhouette(above, 0)), (Role.LIGHT, _silhouette(above, 255))
    return ((Role.FOREGROUND, _disc(request.prompt, request, seed)),)


def _size(request: GenerationRequest) -> tuple[int, int]:
    width, height = request.size
    return min(width, _MAX_SIDE), min(height, _MAX_SIDE)


def _digest(request: GenerationRequest, seed: int) -> bytes:
    digest = hashlib.sha256(f"{request.prompt}\0{seed}".encode())
    for condition in request.conditions:
        digest.update(condition.role.encode() + condition.pixels.tobytes())
    return digest.digest()


def _colour(words: str, digest: bytes) -> tuple[int, ...]:
    named = [_COLOURS[word] for word in words.lower().split() if word in _COLOURS]
    return named[0] if named else tuple(digest[:3])


def _disc(words: str, request: GenerationRequest, seed: int) -> RGBA8:
    """A soft disc of the first colour that is named, near the middle."""
    width, height = _size(request)
    digest = _digest(request, seed)
    centre_x, centre_y = (0.5 + (byte - 128) / 1280 for byte in digest[3:5])
    radius = 0.25 + digest[5] / 2560
    x = (np.arange(width, dtype=np.float32) + 0.5) / width - centre_x
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - centre_y
    distance = np.hypot(x[None, :], y[:, None])
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., :3] = _colour(words, digest)
    pixels[..., 3] = np.clip((radius - distance) * 20 + 0.5, 0, 1) * 255
    return pixels


def _wash(colour: tuple[int, ...], size: tuple[int, int]) -> RGBA8:
    """An opaque picture that is darker at the foot."""
    width, height = size
    light = np.linspace(1, 0.6, height, dtype=np.float32)[:, None, None]
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.array(colour, np.float32) * light
    return pixels


def _given(request: GenerationRequest, role: Role) -> RGBA8:
    """The first picture of a role in the wanted size, its nearest pixels."""
    found = next(each.pixels for each in request.conditions if each.role is role)
    width, height = _size(request)
    rows = np.arange(height) * found.shape[0] // height
    columns = np.arange(width) * found.shape[1] // width
    given: RGBA8 = found[rows[:, None], columns[None, :]]
    return given


def _over(above: RGBA8, below: RGBA8) -> RGBA8:
    """Lay a picture over an opaque one."""
    cover = above[..., 3:].astype(np.float32) / 255
    pixels = below.copy()
    pixels[..., :3] = above[..., :3] * cover + below[..., :3] * (1 - cover) + 0.5
    return pixels


def _repainted(request: GenerationRequest, seed: int) -> RGBA8:
    """The given picture with the selection filled."""
    pixels = _given(request, Role.IMAGE)
    chosen = _given(request, Role.MASK)[..., 3] > 127
    pixels[chosen] = (*_colour(request.prompt, _digest(request, seed)), 255)
    return pixels


def _silhouette(above: RGBA8, value: int) -> RGBA8:
    """A subject's shape in one grey, a little aside and half as dense."""
    pixels = np.full_like(above, value)
    shift = max(1, above.shape[1] // 16)
    pixels[..., 3] = 0
    pixels[:, shift:, 3] = above[:, :-shift, 3] // 2
    return pixels
