from itertools import pairwise

import pytest
import torch
from torch import Tensor

from generator.layer_diffusion.windows import through_windows, window_weight, windows_over

CASES = [((64, 64), 4), ((100, 64), 16), ((130, 259), 12), ((40, 300), 8), ((65, 65), 32)]


@pytest.mark.parametrize(("size", "overlap"), CASES)
def test_windows_cover_everything_and_overlap_enough(size: tuple[int, int], overlap: int) -> None:
    boxes = windows_over(size, (64, 64), overlap)
    counted = torch.zeros(size[1], size[0])
    for x0, y0, x1, y1 in boxes:
        assert (x1 - x0, y1 - y0) == (min(64, size[0]), min(64, size[1]))
        counted[y0:y1, x0:x1] += 1
    assert counted.min() == 1
    lefts, tops = (sorted({box[axis] for box in boxes}) for axis in (0, 1))
    for starts in (lefts, tops):
        assert all(64 - (after - before) >= overlap for before, after in pairwise(starts))


@pytest.mark.parametrize(("size", "overlap"), CASES)
def test_what_is_the_same_in_each_window_comes_back(size: tuple[int, int], overlap: int) -> None:
    whole = torch.rand(1, 3, size[1], size[0], generator=torch.Generator().manual_seed(1))
    boxes = windows_over(size, (64, 64), overlap)
    back = through_windows(whole, boxes, overlap, lambda part, _: part)
    assert (back - whole).abs().max() < 1e-5


def test_windows_that_disagree_go_over_into_each_other_without_a_jump() -> None:
    size, overlap = (160, 64), 24
    boxes = windows_over(size, (64, 64), overlap)

    def paint(part: Tensor, box: tuple[int, int, int, int]) -> Tensor:
        return torch.full_like(part, boxes.index(box) % 2)

    blended = through_windows(torch.zeros(1, 1, 64, 160), boxes, overlap, paint)
    steps = blended.diff(dim=3).abs().max()
    assert blended.min() == 0
    assert blended.max() == 1
    assert steps < 2.5 / overlap


def test_a_window_counts_fully_at_the_rim_of_the_picture() -> None:
    weight = window_weight((0, 0, 64, 64), (100, 64), 16)
    assert torch.equal(weight[0, 0, :, :48], torch.ones(64, 48))
    assert (weight[0, 0, 0, 48:].diff() < 0).all()
    assert weight.min() > 0
