"""Checkpoints that often spoil transparency are told by their tensors, names and notes."""

import json
from pathlib import Path

import pytest

from generator.models.adopt import adopt
from generator.models.header import read_notes, read_shapes
from generator.models.preflight import said_of, spoils_alpha

UNET = "model.diffusion_model."
SDXL: dict[str, list[int]] = {
    f"{UNET}input_blocks.0.0.weight": [8, 4, 3, 3],
    f"{UNET}label_emb.0.0.weight": [8, 16],
    f"{UNET}input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": [2, 2048],
    "conditioner.embedders.1.model.ln_final.weight": [8],
    "first_stage_model.decoder.conv_in.weight": [8, 4, 3, 3],
}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("juggernautXL_v6", ""),
        ("RealVisXL_V5.0", ""),
        ("sd_xl_base_1.0", ""),
        ("hyperrealism_xl", ""),
        ("ponyville", ""),
        ("waiIllustriousSDXL_v160", "Illustrious"),
        ("NoobAI-XL-Vpred-v1.0", "NoobAI"),
        ("animagine-xl-4.0", "Animagine"),
        ("ponyDiffusionV6XL", "Pony"),
        ("Pony Diffusion V6", "Pony"),
        ("DreamShaperXL_Lightning", "few steps"),
        ("sd_xl_turbo_1.0_fp16", "few steps"),
        ("Hyper-SDXL-1step-Unet", "few steps"),
        ("dreamshaper_8LCM", "few steps"),
        ("realvisxlV40_v40LightningBakedvae", "few steps"),
        ("sdxlTurbo", "few steps"),
        ("dreamshaper_8_LCM", "few steps"),
    ],
)
def test_names(name: str, words: str) -> None:
    said = spoils_alpha(name, "sdxl", {}, {})
    assert words in said
    assert bool(words) == bool(said)


def test_drawn_styles_matter_for_sdxl_alone() -> None:
    assert not spoils_alpha("animagine", "sd15", {}, {})


def test_notes_count_as_names_do() -> None:
    assert spoils_alpha("mine", "sdxl", {}, {"modelspec.title": "My Illustrious merge"})
    assert not spoils_alpha("mine", "sdxl", {}, {"modelspec.author": "Pony Express"})


def test_v_prediction_is_told() -> None:
    assert "velocity" in spoils_alpha("mine", "sdxl", {"v_pred": ()}, {})
    assert "velocity" in spoils_alpha("mine", "sdxl", {"ztsnr": ()}, {})


def _write(path: Path, shapes: dict[str, list[int]], notes: dict[str, str]) -> None:
    header: dict[str, object] = {"__metadata__": notes} if notes else {}
    end = 0
    for name, shape in shapes.items():
        begin = end
        size = 2
        for side in shape:
            size *= side
        end += size
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(end))


def test_what_was_said_is_kept_with_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACETATE_MODELS", str(tmp_path / "own"))
    path = tmp_path / "plain.safetensors"
    _write(path, {**SDXL, "v_pred": [1]}, {"modelspec.title": "NoobAI"})
    adopted = adopt(path, "mine", False, lambda *_: None, lambda: False)
    assert "velocity" in adopted.warning
    assert "NoobAI" in adopted.warning
    assert said_of("mine") == (f"mine: {adopted.warning}",)
    assert said_of("other") == ()


def test_notes_of_any_kind_are_read_or_left(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    _write(path, {"a": [2]}, {"k": "v"})
    assert read_shapes(path) == {"a": (2,)}
    assert read_notes(path) == {"k": "v"}
    _write(path, {"a": [2]}, {})
    assert read_notes(path) == {}
