"""A layer at 2 or 4 times its size, colour and alpha together, in windows without seams.

The model adds what is finer than the given pixels; what is coarser stays the given layer's, so that
it is the same picture. One window and one row of windows at a time are held as floats, however
large the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from generator.layer_diffusion.enlargement import blurred, bounds, enlarged_part
from generator.layer_diffusion.fitting import (
    LONGEST,
    MOST_AREA,
    Native,
    Size,
    Working,
    cropped,
    fitted_rgba,
    working_for,
)
from generator.layer_diffusion.resampling import (
    RGBA8,
    lanczos_along,
    planes_from_rgba,
    resampled,
    rgba_from_planes,
)
from generator.layer_diffusion.sampling import Predict
from generator.layer_diffusion.windows import Box, through_windows, window_weight, windows_over

STRENGTH = 0.3  # how far the enlarged picture is noised: more would draw other things into it
SHARED = 4  # windows overlap by a quarter of their side
COARSE = 1.5  # given pixels: the sigma above which the picture is the given one

Decode = Callable[[Tensor, Box], Tensor]  # latent of a window to (1, 4, h, w) alpha, colour


@dataclass(frozen=True, slots=True)
class Plan:
    """How a picture is made larger: the target's size, what is worked in, and its windows.

    `windows` are in cells of the latent, all of one size; `overlap` is in cells, too.
    """

    target: Size
    working: Working
    windows: tuple[Box, ...]
    overlap: int
    scale: int
    latent_scale: int

    @property
    def window_size(self) -> Size:
        """Return width and height of a window in pixels."""
        x0, y0, x1, y1 = self.windows[0]
        return ((x1 - x0) * self.latent_scale, (y1 - y0) * self.latent_scale)

    def pixels(self, window: Box) -> Box:
        """Return where a window lies in the working picture."""
        x0, y0, x1, y1 = (place * self.latent_scale for place in window)
        return (x0, y0, x1, y1)


def plan_for(given: Size, scale: int, native: Native, latent_scale: int) -> Plan:
    """Plan the enlargement of a picture (width, height) for a model that knows any size.

    What is about as large as the model's own picture, or smaller, is made in one window.
    """
    target = (given[0] * scale, given[1] * scale)
    area = native.size[0] * native.size[1]
    is_long = max(target) > LONGEST * max(native.size)
    if target[0] * target[1] <= MOST_AREA * area and not is_long:
        working = working_for(target, native)
        whole = (0, 0, working.size[0] // latent_scale, working.size[1] // latent_scale)
        return Plan(target, working, (whole,), 1, scale, latent_scale)
    window = _window_size(target, native)
    width, height = (
        max(part, _up(whole, latent_scale)) for part, whole in zip(window, target, strict=True)
    )
    working = Working((width, height), (0, 0, *target))
    cells = (width // latent_scale, height // latent_scale)
    side = (window[0] // latent_scale, window[1] // latent_scale)
    overlap = max(
        1, min(part for part, whole in zip(side, cells, strict=True) if part < whole) // SHARED
    )
    return Plan(target, working, windows_over(cells, side, overlap), overlap, scale, latent_scale)


def start_latent(plan: Plan, given: RGBA8, encode: Callable[[Tensor], Tensor]) -> Tensor:
    """Return the enlarged picture's latent (1, c, h, w), window by window.

    `encode` takes premultiplied planes (1, 4, h, w) of a window to its latent.
    """
    first = encode(_seen(plan, given, plan.windows[0]))
    if len(plan.windows) == 1:
        return first
    width, height = (side // plan.latent_scale for side in plan.working.size)
    whole = first.new_zeros((1, first.shape[1], height, width))

    def work(_part: Tensor, window: Box) -> Tensor:
        return first if window == plan.windows[0] else encode(_seen(plan, given, window))

    return through_windows(whole, plan.windows, plan.overlap, work)


def windowed(predict: Predict, plan: Plan) -> Predict:
    """Let a network that sees one window at a time predict the whole latent (n, c, h, w)."""
    if len(plan.windows) == 1:
        return predict

    def predict_all(seen: Tensor, time: Tensor) -> Tensor:
        return through_windows(
            seen, plan.windows, plan.overlap, lambda part, _: predict(part, time)
        )

    return predict_all


def finished(plan: Plan, given: RGBA8, latent: Tensor, decode: Decode) -> RGBA8:
    """Return the picture of a sampled latent (1, c, h, w), in the target's size."""
    if len(plan.windows) == 1:
        argb = cropped(decode(latent, plan.windows[0]), plan.working)
        width, height = plan.target
        made = lanczos_along(lanczos_along(argb, 2, height), 3, width)
        source = resampled(planes_from_rgba(given), plan.target)
        return rgba_from_planes(agreeing(made, source.to(made), plan.scale))

    def part(box: Box) -> Tensor:
        x0, y0, x1, y1 = windows[box]
        made = decode(latent[:, :, y0:y1, x0:x1], windows[box])
        return agreeing(made, enlarged_part(given, plan.scale, box).to(made), plan.scale)

    windows = {plan.pixels(window): window for window in plan.windows}
    boxes = tuple(windows)
    return _assembled(plan.target, boxes, plan.overlap * plan.latent_scale, part)


def agreeing(made: Tensor, source: Tensor, scale: int) -> Tensor:
    """Return what was made with the coarse colour and alpha of the enlarged source, premultiplied.

    `made` (1, 4, h, w) is alpha and straight padded colour, `source` premultiplied planes.
    Alpha also stays between the least and the most that the source has within one given pixel:
    where nothing was, nothing comes, and what was solid gets no holes.
    """
    sigma = COARSE * scale
    source_alpha, alpha = source[:, 3:], made[:, :1].clamp(0, 1)
    alpha = alpha + blurred(source_alpha - alpha, sigma)
    alpha = torch.clamp(alpha, *bounds(source_alpha, scale))
    colour = made[:, 1:].clamp(0, 1) * alpha
    colour = colour + blurred(source[:, :3] - colour, sigma)
    return torch.cat([torch.minimum(colour.clamp_min(0), alpha), alpha], dim=1)


def _window_size(target: Size, native: Native) -> Size:
    """Return the native picture's sides; of a strip narrower than those, more along it."""
    area = native.size[0] * native.size[1]
    whole = tuple(_up(side, native.multiple) for side in target)
    least = tuple(min(pair) for pair in zip(native.size, whole, strict=True))
    width, height = (
        min(area // across, round(LONGEST * own)) // native.multiple * native.multiple
        for own, across in zip(native.size, reversed(least), strict=True)
    )
    return (min(max(least[0], width), whole[0]), min(max(least[1], height), whole[1]))


def _up(side: int, multiple: int) -> int:
    return -(-side // multiple) * multiple


def _seen(plan: Plan, given: RGBA8, window: Box) -> Tensor:
    """Return what a window of the enlarged picture shows, premultiplied."""
    if len(plan.windows) == 1:
        return fitted_rgba(given, plan.working)
    return enlarged_part(given, plan.scale, plan.pixels(window))


def _assembled(
    size: Size, boxes: tuple[Box, ...], overlap: int, part: Callable[[Box], Tensor]
) -> RGBA8:
    """Blend windows (1, 4, h, w), given row by row, to a picture; open rows alone are floats."""
    width = max(box[2] for box in boxes)
    whole = (width, max(box[3] for box in boxes))
    result = np.empty((size[1], size[0], 4), np.uint8)
    total = torch.zeros(1, 5, boxes[0][3] - boxes[0][1], width)  # four values and their weight
    top = 0
    for box in boxes:
        x0, y0, x1, _ = box
        if y0 > top:
            total = _closed(result, total, top, y0)
            top = y0
        weight = window_weight(box, whole, overlap)
        total[:, :4, :, x0:x1] += part(box).cpu() * weight
        total[:, 4:, :, x0:x1] += weight
    _closed(result, total, top, size[1])
    return result


def _closed(result: RGBA8, total: Tensor, top: int, end: int) -> Tensor:
    """Write the rows from `top` to `end`, to which nothing is added any more; return the others."""
    count = end - top
    done = total[:, :4, :count] / total[:, 4:, :count]
    result[top:end] = rgba_from_planes(done)[:, : result.shape[1]]
    return nn.functional.pad(total[:, :, count:], (0, 0, 0, count))
