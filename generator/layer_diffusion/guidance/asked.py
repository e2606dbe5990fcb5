"""What a request asks for besides its words, as files: each name is found, nothing is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.layer_diffusion.guidance.few_steps import FewSteps, few_steps_of
from generator.layer_diffusion.resampling import RGBA8
from generator.models.adapters import control_model, image_encoder, lora, style_adapter
from generator.models.hashes import sha256_of
from generator.models.header import read_notes, read_shapes
from generator.models.recognise import LORA_TITLES, TITLES, Kind, recognise
from generator.models.registry import Adopted
from generator.request import (
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Lora,
    Role,
    Task,
    UsedAdapter,
)

IsCancelled = Callable[[], bool]

MARK: Final = "-control-"  # in the names of fetched control models, before the kind
WEIGHTS: Final = ("diffusion_pytorch_model.fp16", "diffusion_pytorch_model", "model")


@dataclass(frozen=True, slots=True, eq=False)
class AskedControl:
    """A control model's file or folder, the kind of its picture, the picture and its weight."""

    path: Path
    kind: str
    pixels: RGBA8
    weight: float


@dataclass(frozen=True, slots=True)
class AskedLora:
    """A LoRA's file and its weight."""

    path: Path
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """All of it; of LoRAs for few steps the first says how to sample."""

    controls: tuple[AskedControl, ...] = ()
    styles: tuple[Condition, ...] = ()
    style: Path | None = None
    encoder: Path | None = None
    loras: tuple[AskedLora, ...] = ()
    few_steps: FewSteps | None = None
    adapters: tuple[UsedAdapter, ...] = ()


def asked_of(request: GenerationRequest, family: str, is_cancelled: IsCancelled) -> Asked:
    """Find what a request names; `GenerationError` says what is missing and what brings it.

    What has weight 0 takes no part; nor do controls where a layer is enlarged, in windows that each
    see a part of it.
    """
    controls = controls_of(request)
    if request.task is Task.UPSCALE:
        controls = []
    styles = tuple(each for each in request.conditions if each.role is Role.STYLE and each.weight)
    loras = [each for each in request.loras if each.weight]
    if family not in TITLES:
        named = (
            (f'control pictures for the task "{request.task}"', controls),
            ("styles", styles),
        )
        wrong = " and no ".join(words for words, asked in named if asked)
        if wrong:
            raise GenerationError(
                ErrorKind.UNSUPPORTED,
                f'The model "{request.model}" takes no {wrong}; models of '
                f"{' and '.join(TITLES.values())} do.",
            )
    found_controls = [(each, control_model(each.kind, family)) for each in controls]
    found_loras = [(each, _lora_file(each, family)) for each in loras]
    style = style_adapter(_one_kind(styles), family) if styles else None
    encoder = image_encoder() if styles else None
    used = [
        *((found, each.weight) for each, found in found_controls),
        *((style, each.weight) for each in styles if style is not None),
        *((found, each.weight) for each, found in found_loras),
    ]
    return Asked(
        controls=tuple(
            AskedControl(Path(found.path), _picture_kind(found), each.pixels, each.weight)
            for each, found in found_controls
        ),
        styles=styles,
        style=Path(style.path) if style else None,
        encoder=encoder,
        loras=tuple(AskedLora(Path(found.path), each.weight) for each, found in found_loras),
        few_steps=next(_few_steps(found for _, found in found_loras), None),
        adapters=tuple(_used(found, weight, is_cancelled) for found, weight in used),
    )


def controls_of(request: GenerationRequest) -> list[Condition]:
    """Return the control pictures of a request that have a weight."""
    return [each for each in request.conditions if each.role is Role.CONTROL and each.weight]


def weights_in(path: Path) -> Path:
    """Return the file of weights: of a folder the one that diffusers would read, else the path."""
    names = (path / f"{name}.safetensors" for name in WEIGHTS)
    return next((each for each in names if each.is_file()), path)


def _lora_file(asked: Lora, family: str) -> Adopted:
    """Find a LoRA by its name, or look at the file that was named by hand."""
    if not asked.path:
        return lora(asked.name, family)
    path = Path(asked.path).expanduser()
    if not path.is_file():
        raise GenerationError(ErrorKind.BAD_REQUEST, f"There is no file {path}.")
    found = recognise(read_shapes(path))
    if found.kind not in (Kind.LORA, Kind.UNKNOWN):
        raise GenerationError(ErrorKind.UNSUPPORTED, f"{path.name} is no LoRA: {found.words}.")
    if found.family not in ("", family):
        raise GenerationError(
            ErrorKind.UNSUPPORTED,
            f"{path.name} is a {found.words}, and this model is of {LORA_TITLES[family]}.",
        )
    name = asked.name or path.stem
    return Adopted(name, str(path), "", path.stat().st_size, Kind.LORA, family, found.words)


def _one_kind(styles: tuple[Condition, ...]) -> str:
    """Return which adapter reads the style pictures: one for all of a job."""
    kinds = {each.kind for each in styles}
    if len(kinds) > 1:
        raise GenerationError(
            ErrorKind.UNSUPPORTED, "All style pictures of a job are read by one style adapter."
        )
    return kinds.pop()


def _picture_kind(found: Adopted) -> str:
    """Return how the picture is made: by the kind of a published model, else as it is."""
    return found.name.rpartition(MARK)[2] if MARK in found.name else ""


def _few_steps(loras: Iterator[Adopted]) -> Iterator[FewSteps]:
    for each in loras:
        path = Path(each.path)
        few = few_steps_of(each.name, path.stem, read_notes(path))
        if few is not None:
            yield few


def _used(found: Adopted, weight: float, is_cancelled: IsCancelled) -> UsedAdapter:
    return UsedAdapter(found.name, found.sha256 or _hash(Path(found.path), is_cancelled), weight)


def _hash(path: Path, is_cancelled: IsCancelled) -> str:
    """Return a file's SHA-256, of a folder that of its weights; read once while it stays."""
    path = weights_in(path)
    key = (str(path), path.stat().st_size, path.stat().st_mtime_ns)
    if key not in _HASHES:
        _HASHES[key] = sha256_of(path, lambda *_: None, is_cancelled)
    return _HASHES[key]


_HASHES: dict[tuple[str, int, int], str] = {}
