import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from generator.layer_diffusion.patch_names import Part, diffusers_name, patch_name

Table = Callable[[str], list[dict[str, str]]]


def test_every_weight_of_sdxl_has_diffusers_name(table: Table) -> None:
    rows = table("layerdiff_sdxl_keymap")
    assert len(rows) == 1680
    for row in rows:
        name = row["forge_model_key"].removeprefix("diffusion_model.")
        assert diffusers_name(name) == row["diffusers_key"]


@pytest.mark.parametrize(
    ("column", "published_bytes"),
    [("in_cond_small", 701_999_680), ("in_conv_diff", 3_619_769_216)],
)
def test_names_and_shapes_make_a_file_of_the_published_size(
    table: Table, column: str, published_bytes: int
) -> None:
    """The header holds every name, so one letter too many in one of them would show."""
    shapes = {}
    for row in table("layerdiff_sdxl_keymap"):
        if row[column] == "1":
            name = diffusers_name(row["forge_model_key"].removeprefix("diffusion_model."))
            shapes[name] = [int(side) for side in row["shape"].split("x")]
    shapes["conv_in.weight"][1] = 12
    header, end_bytes = {}, 0
    for name, shape in sorted(shapes.items()):
        start_bytes, end_bytes = end_bytes, end_bytes + 2 * math.prod(shape)
        place = [start_bytes, end_bytes]
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": place}
    header_bytes = len(json.dumps(header, separators=(",", ":")))
    assert 8 + -(-header_bytes // 8) * 8 + end_bytes == published_bytes


def test_the_names_of_released_and_renamed_files_are_read(keymap: dict[str, Any]) -> None:
    parts = {("diff", 0): Part.DIFFERENCE, ("lora", 0): Part.UP, ("lora", 1): Part.DOWN}
    for entry in keymap["sdxl"]:
        expected = (entry["diffusers_key"], parts[entry["type"], entry["index"]])
        assert patch_name(entry["file_key"]) == expected
        if "peft_key" in entry:
            assert patch_name(entry["peft_key"]) == expected
        else:
            assert patch_name(entry["diffusers_key"]) == expected
            assert patch_name("unet." + entry["diffusers_key"]) == expected


def test_an_alpha_belongs_to_its_weight() -> None:
    path = "middle_block.1.transformer_blocks.0.attn1.to_q.weight"
    weight = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight"
    assert patch_name(f"diffusion_model.{path}::lora::2") == (weight, Part.ALPHA)
    assert patch_name(f"unet.{weight.removesuffix('.weight')}.alpha") == (weight, Part.ALPHA)


@pytest.mark.parametrize(
    "key",
    [
        "diffusion_model.input_blocks.0.0.weight::diff::1",
        "diffusion_model.input_blocks.0.0.weight::lora::3",
        "model.input_blocks.0.0.weight::diff::0",
        "diffusion_model.input_blocks.x.0.in_layers.0.weight::diff::0",
        "diffusion_model.input_blocks.1.0.in_layers.9.weight::diff::0",
        "diffusion_model.middle_block.3.proj_in.weight::diff::0",
        "diffusion_model.nothing.weight::diff::0",
    ],
)
def test_other_names_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"is no (name|weight|layer)"):
        patch_name(key)
