"""Files are recognised by names and shapes alone: those of the released files, and all others."""

import json
import os
import pickle
import re
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.models.header import MAX_HEADER_BYTES, read_shapes
from generator.models.recognise import Kind, recognise
from generator.request import ErrorKind, GenerationError

UNET = "model.diffusion_model."
SD15 = {
    f"{UNET}input_blocks.0.0.weight": (320, 4, 3, 3),
    f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 768),
    "cond_stage_model.transformer.text_model.final_layer_norm.weight": (768,),
    "first_stage_model.decoder.conv_in.weight": (512, 4, 3, 3),
}
SDXL = {
    f"{UNET}input_blocks.0.0.weight": (320, 4, 3, 3),
    f"{UNET}label_emb.0.0.weight": (1280, 2816),
    f"{UNET}input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": (640, 2048),
    "conditioner.embedders.1.model.ln_final.weight": (1280,),
    "first_stage_model.decoder.conv_in.weight": (512, 4, 3, 3),
}
KOHYA = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight"
KOHYA_XL = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight"
PEFT = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_v.lora_A.weight"
OLD = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.down.weight"
DEEP = "lora_unet_input_blocks_7_1_transformer_blocks_9_attn1_to_q.lora_up.weight"
TOP = "lora_unet_up_blocks_3_attentions_0_proj_in.lora_up.weight"
SHARED = "hookers.layers.0.to_q_lora.{}.down.weight"
GIVEN = "kwargs_encoder.blocks_0.0.weight"
ATTENTION = "diffusion_model.input_blocks.4.1.transformer_blocks.0.attn1.to_q.weight::lora::0"
CONV_IN = "diffusion_model.input_blocks.0.0.weight::diff::0"
RESNET = "down_blocks.0.resnets.0.conv1.weight"


@pytest.mark.parametrize(
    ("shapes", "kind", "family", "words"),
    [
        (SD15, Kind.CHECKPOINT, "sd15", "SD 1.5 checkpoint"),
        (SDXL, Kind.CHECKPOINT, "sdxl", "SDXL checkpoint"),
        ({KOHYA: (16, 768)}, Kind.LORA, "sd15", "LoRA for SD 1.5"),
        ({KOHYA_XL: (16, 2048)}, Kind.LORA, "sdxl", "LoRA for SDXL"),
        ({PEFT: (16, 2048)}, Kind.LORA, "sdxl", "LoRA for SDXL"),
        ({OLD: (4, 768)}, Kind.LORA, "sd15", "LoRA for SD 1.5"),
        ({KOHYA: (16, 128)}, Kind.LORA, "pocket", "LoRA for Pocket"),
        ({DEEP: (640, 8)}, Kind.LORA, "sdxl", "LoRA for SDXL"),
        ({TOP: (320, 8)}, Kind.LORA, "sd15", "LoRA for SD 1.5"),
        ({"latent_conv_in.weight": (64, 4, 1, 1)}, Kind.DECODER, "", "decoder"),
        ({SHARED.format(0): (256, 320)}, Kind.LAYERS, "sd15", "a transparent layer"),
        ({SHARED.format(i): (256, 320) for i in range(3)}, Kind.LAYERS, "sd15", "together"),
        (
            {SHARED.format(0): (256, 320), SHARED.format(1): (256, 320), GIVEN: (32, 3, 3, 3)},
            Kind.LAYERS, "sd15", "other way round",
        ),
        ({ATTENTION: (640, 256)}, Kind.LAYERS, "sdxl", "by attention"),
        ({CONV_IN: (320, 4, 3, 3)}, Kind.LAYERS, "sdxl", "given no picture"),
        ({CONV_IN: (320, 8, 3, 3)}, Kind.LAYERS, "sdxl", "given one picture"),
        (
            {"conv_in.weight": (320, 12, 3, 3), RESNET: (320, 320, 3, 3)},
            Kind.LAYERS, "sdxl", "given two pictures",
        ),
        ({"conv_in.weight": (320, 4, 3, 3)}, Kind.UNKNOWN, "", "no kind of model"),
        ({f"{UNET}input_blocks.0.0.weight": (320, 9, 3, 3)}, Kind.UNKNOWN, "", "inpainting"),
        (SDXL | {f"{UNET}label_emb.0.0.weight": (1536, 2560)}, Kind.UNKNOWN, "", "refiner"),
        (
            {"control_model.input_hint_block.0.weight": (16, 3, 3, 3),
             "control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 768)},
            Kind.CONTROL, "sd15", "control model for SD 1.5",
        ),
        (
            {"controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3),
             "conv_in.weight": (320, 4, 3, 3), "time_embedding.linear_1.weight": (1280, 320),
             RESNET: (320, 320, 3, 3),
             "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight": (1280, 2048)},
            Kind.CONTROL, "sdxl", "control model for SDXL",
        ),
        ({"lora_controlnet": (1,)}, Kind.UNKNOWN, "", "as a LoRA"),
        ({"task_embedding": (6, 320)}, Kind.UNKNOWN, "", "union"),
        (
            {"ip_adapter.1.to_k_ip.weight": (320, 768), "image_proj.proj.weight": (3072, 1024)},
            Kind.STYLE, "sd15", "style adapter for SD 1.5",
        ),
        (
            {"ip_adapter.1.to_k_ip.weight": (640, 2048), "image_proj.latents": (1, 16, 1280)},
            Kind.STYLE, "sdxl", "plus",
        ),
        (
            {"ip_adapter.1.to_k_ip.weight": (320, 768), "image_proj.proj.0.weight": (1024, 512)},
            Kind.UNKNOWN, "", "faces",
        ),
        (
            {"vision_model.embeddings.class_embedding": (1280,),
             "visual_projection.weight": (1024, 1280)},
            Kind.UNKNOWN, "", "image encoder",
        ),
        ({KOHYA: (16, 1024)}, Kind.UNKNOWN, "", "LoRA of another family"),
        ({"lora_unet_x.hada_w1_a": (4, 4)}, Kind.UNKNOWN, "", "LoHa"),
        ({SHARED.format(i): (256, 320) for i in range(4)}, Kind.UNKNOWN, "", "4 layers"),
        (SD15 | {f"{UNET}label_emb.0.0.weight": (1280, 9)}, Kind.UNKNOWN, "", "another family"),
        (dict(list(SD15.items())[:3]), Kind.UNKNOWN, "", "without its autoencoder"),
        (dict(list(SDXL.items())[:3]), Kind.UNKNOWN, "", "without its text encoder"),
    ],
)  # fmt: skip
def test_kind_and_family_follow_from_names_and_shapes(
    weights: Callable[..., Path],
    shapes: dict[str, tuple[int, ...]],
    kind: Kind,
    family: str,
    words: str,
) -> None:
    found = recognise(read_shapes(weights("some.safetensors", shapes)))
    assert (found.kind, found.family) == (kind, family)
    assert words in found.words


def test_encoder_is_told_by_all_its_tensors() -> None:
    widths = [4, 32, 32, 64, 64, 128, 128, 256, 256, 4]
    shapes: dict[str, tuple[int, ...]] = {}
    for number, (taken, made) in enumerate(pairwise(widths)):
        shapes[f"blocks.{number * 2}.weight"] = (made, taken, 3, 3)
        shapes[f"blocks.{number * 2}.bias"] = (made,)
    assert recognise(shapes).kind is Kind.ENCODER


class _Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (os.mkdir, (str(self._canary),))


@pytest.mark.parametrize("name", ["x.ckpt", "x.pt", "x.bin", "x.PTH", "x.pkl", "x.safetensors"])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_pickle_is_refused_and_does_nothing(tmp_path: Path, name: str, protocol: int) -> None:
    canary = tmp_path / "canary"
    path = tmp_path / name
    path.write_bytes(pickle.dumps(_Trap(canary), protocol=protocol) * 4)
    with pytest.raises(GenerationError, match=r"is a pickle|no safetensors|no model") as caught:
        read_shapes(path)
    assert caught.value.kind is ErrorKind.UNSUPPORTED
    assert not canary.exists()
    pickle.loads(pickle.dumps(_Trap(canary)))
    assert canary.exists()  # so the trap does work


def test_pickle_by_name_is_not_even_opened(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="is a pickle"):
        read_shapes(tmp_path / "not there.ckpt")


def _file(path: Path, header: bytes, payload: int = 2, length: int | None = None) -> Path:
    size = len(header) if length is None else length
    path.write_bytes(size.to_bytes(8, "little") + header + bytes(payload))
    return path


def _tensor(dtype: str = "F16", shape: object = (1,), offsets: object = (0, 2)) -> bytes:
    return json.dumps({"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}).encode()


@pytest.mark.parametrize(
    "header",
    [
        b"", b"{}", b"[]", b"{", b"\xff\xfe", b'{"a": 1}', b'{"a":' * 200_000,
        _tensor("F17"), _tensor(shape=(2,)), _tensor(shape=(-1, -1)), _tensor(shape=("1",)),
        _tensor(offsets=(2, 4)), _tensor(offsets=(0, 4), shape=(2,)), _tensor(offsets=(2, 0)),
        _tensor(shape=(2**62, 4)),
    ],
    ids=range(15),
)  # fmt: skip
def test_damaged_header_is_one_sentence(tmp_path: Path, header: bytes) -> None:
    with pytest.raises(GenerationError, match=r"is damaged, not all there, or no safetensors"):
        read_shapes(_file(tmp_path / "x.safetensors", header))


@pytest.mark.parametrize(
    ("length", "sentence"),
    [(MAX_HEADER_BYTES + 1, "no model needs that"), (2**63, "no model"), (4096, "is damaged")],
)
def test_header_that_claims_too_much_is_not_read(
    tmp_path: Path, length: int, sentence: str
) -> None:
    with pytest.raises(GenerationError, match=sentence):
        read_shapes(_file(tmp_path / "x.safetensors", _tensor(), length=length))


@settings(max_examples=60, deadline=None, database=None)
@given(st.binary(max_size=200), st.integers(0, 300), st.booleans())
def test_any_bytes_are_shapes_or_one_sentence(body: bytes, length: int, is_json: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.safetensors"
        header = json.dumps({body.hex(): json.loads(_tensor())["a"]}).encode() if is_json else body
        _file(path, header, len(body) % 4, length if length % 2 else None)
        said = ""
        try:
            shapes = read_shapes(path)
        except GenerationError as error:
            said, shapes = str(error), {}
        assert shapes == {body.hex(): (1,)} or re.fullmatch(r"x\.safetensors .+\.", said)


def test_other_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="no others are read"):
        read_shapes(tmp_path / "x.png")


TABLES = Path(__file__).parents[2] / "data" / "layer_diffusion"


def _table(name: str) -> list[list[str]]:
    lines = (TABLES / f"{name}.tsv").read_text().splitlines()[1:]
    return [line.split("\t") for line in lines]


@pytest.mark.parametrize(
    ("table", "kind", "words"),
    [
        ("keys_decoder", Kind.DECODER, "decoder"),
        ("keys_encoder", Kind.ENCODER, "encoder"),
        ("layerdiff_keys_sd15_transparent_attn", Kind.LAYERS, "a transparent layer"),
        ("layerdiff_keys_sd15_joint", Kind.LAYERS, "together"),
        ("layerdiff_keys_sd15_fg2bg_bg2fg", Kind.LAYERS, "other way round"),
    ],
)
def test_released_files_are_recognised(table: str, kind: Kind, words: str) -> None:
    shapes = {row[0]: tuple(int(n) for n in row[1].split("x")) for row in _table(table)}
    found = recognise(shapes)
    assert found.kind is kind
    assert words in found.words


@pytest.mark.parametrize("column", [0, 1], ids=["diffusers' names", "released names"])
@pytest.mark.parametrize("member", [4, 5], ids=["1252 tensors", "206 tensors"])
@pytest.mark.parametrize("channels", [4, 8, 12])
def test_released_sdxl_patches_are_recognised(column: int, member: int, channels: int) -> None:
    shapes: dict[str, tuple[int, ...]] = {}
    for row in _table("layerdiff_sdxl_keymap"):
        if row[member] == "1":
            shape = tuple(int(number) for number in row[2].split("x"))
            is_first = row[0] == "conv_in.weight"
            name = row[column] + ("::diff::0" if column else "")
            shapes[name] = (320, channels, 3, 3) if is_first else shape
    assert len(shapes) in (206, 1252)
    found = recognise(shapes)
    assert (found.kind, found.family) == (Kind.LAYERS, "sdxl")
    assert found.words.endswith({4: "no picture", 8: "one picture", 12: "two pictures"}[channels])
