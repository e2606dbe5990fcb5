import torch

from generator.training.codec import _components, blank


def test_an_opaque_picture_has_no_offset() -> None:
    torch.manual_seed(0)
    codec = blank(1.0)
    colour = torch.rand(2, 3, 64, 96)
    offset = codec.encoder(colour, torch.ones(2, 1, 64, 96))
    assert offset.shape == (2, 96, 2, 3)
    assert not offset.any()


def test_the_offset_does_not_change_the_decoded_picture() -> None:
    """Identity: what the plain autoencoder shows is the same with and without transparency."""
    torch.manual_seed(0)
    codec = blank(1.0)
    over_grey = torch.rand(1, 3, 64, 64) * 2 - 1
    plain = codec.autoencoder.encode(over_grey).latent_dist.mean
    offset = codec.encoder(over_grey, torch.rand(1, 1, 64, 64))
    with_offset = codec.autoencoder.decode(plain + offset).sample
    assert torch.equal(codec.autoencoder.decode(plain).sample, with_offset)


def test_an_empty_picture_is_mid_grey_and_the_zero_latent() -> None:
    codec = blank(1.0)
    latent = codec.encode(torch.zeros(1, 4, 64, 64))
    assert not latent[:, : codec.autoencoder.config.colour_channels].any()


def test_components_span_what_they_were_found_in() -> None:
    torch.manual_seed(0)
    rows = torch.randn(400, 3) @ torch.randn(3, 20)
    basis, spread = _components(rows, 3)
    assert torch.allclose(rows @ basis @ basis.T, rows, atol=1e-4)
    assert torch.allclose((rows @ basis).square().mean(0).sqrt(), spread, rtol=1e-3)
