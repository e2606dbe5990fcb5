"""Words as diffusers' own pipelines read them, and longer than those can."""

from collections.abc import Callable

import pytest
import torch
from diffusers import StableDiffusionXLPipeline

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.parts import Parts
from generator.models.catalogue import Model

LONG = "red apple " * 20  # more tokens than one row of 77 holds: tiny tokenizers spell every letter


@pytest.fixture(scope="module")
def sd15(tiny_models: Callable[[str], Model]) -> Parts:
    return load(tiny_models("sd15"))


@pytest.fixture(scope="module")
def sdxl(tiny_models: Callable[[str], Model]) -> Parts:
    return load(tiny_models("sdxl"))


def test_sdxl_reads_as_diffusers_does(sdxl: Parts) -> None:
    first, second = sdxl.text.towers
    theirs = StableDiffusionXLPipeline(
        vae=sdxl.vae,
        text_encoder=first.encoder,
        text_encoder_2=second.encoder,
        tokenizer=first.tokenizer,
        tokenizer_2=second.tokenizer,
        unet=sdxl.unet,
        scheduler=None,
        add_watermarker=False,
    )
    with torch.inference_mode():
        tokens, negative, pooled, negative_pooled = theirs.encode_prompt(
            "a red apple", device="cpu"
        )
    ours = sdxl.text.read("a red apple")
    assert torch.allclose(ours.tokens, tokens, atol=1e-6)
    assert ours.pooled is not None
    assert torch.allclose(ours.pooled, pooled, atol=1e-6)
    nothing = sdxl.text.read("", is_negative=True)
    assert torch.equal(nothing.tokens, negative)
    assert nothing.pooled is not None
    assert torch.equal(nothing.pooled, negative_pooled)
    assert not nothing.tokens.any()
    assert sdxl.text.read("", is_negative=False).tokens.any()


def test_sd15_reads_the_last_state_and_nothing_is_something(sd15: Parts) -> None:
    (tower,) = sd15.text.towers
    row = tower.tokenizer("a red apple", padding="max_length", max_length=77, return_tensors="pt")
    with torch.inference_mode():
        expected = tower.encoder(row.input_ids).last_hidden_state
    words = sd15.text.read("a red apple")
    assert torch.equal(words.tokens, expected)
    assert words.pooled is None
    assert sd15.text.read("", is_negative=True).tokens.any()


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_long_texts_are_read_in_chunks_and_short_ones_padded_to_as_many(
    request: pytest.FixtureRequest, family: str
) -> None:
    text = request.getfixturevalue(family).text
    chunks = text.chunks(["red", LONG])
    assert chunks > 1
    long, short = text.read(LONG, chunks), text.read("red", chunks)
    assert long.tokens.shape == short.tokens.shape
    assert long.tokens.shape[1] == 77 * chunks
    assert torch.equal(short.tokens[:, :77], text.read("red", 1).tokens)
    cut = text.read(LONG, 1).tokens
    assert torch.equal(long.tokens[:, :77], cut)
    assert not torch.equal(long.tokens[:, -77:], short.tokens[:, -77:])


def test_what_was_read_is_kept_until_it_is_forgotten(sd15: Parts) -> None:
    first = sd15.text.read("once")
    assert sd15.text.read("once") is first
    sd15.text.forget()
    assert sd15.text.read("once") is not first
    for number in range(100):
        sd15.text.read(str(number))
    assert len(sd15.text._read) == 64


def test_tokenizers_that_spell_know_every_word(sd15: Parts) -> None:
    assert sd15.text.unknown_words("zeppelin") == ()
