import pytest
import torch

from generator.layer_diffusion.matte import levelled, padded, to_rgba8


def test_levels_snap_both_ends() -> None:
    alpha = torch.tensor([-0.2, 0.0, 0.04, 0.5, 0.96, 1.3])
    assert levelled(alpha).tolist() == pytest.approx([0, 0, 0, 0.5, 1, 1])


def test_padding_keeps_opaque_pixels_and_fills_the_rest() -> None:
    alpha = torch.zeros(1, 1, 16, 16)
    alpha[..., 4:8, 4:8] = 1
    colour = torch.tensor([0.8, 0.4, 0.2]).reshape(1, 3, 1, 1) * alpha
    filled = padded(colour, alpha)
    assert torch.allclose(filled[..., 5, 5], torch.tensor([[0.8, 0.4, 0.2]]))
    assert torch.allclose(filled[..., 15, 15], torch.tensor([[0.8, 0.4, 0.2]]), atol=1e-4)


def test_an_empty_picture_stays_finite() -> None:
    assert not padded(torch.zeros(1, 3, 8, 8), torch.zeros(1, 1, 8, 8)).any()


def test_rounding_to_bytes() -> None:
    picture = to_rgba8(torch.full((1, 2, 2), 2.0), torch.full((3, 2, 2), 0.5))
    assert picture.shape == (2, 2, 4)
    assert picture[0, 0].tolist() == [128, 128, 128, 255]
