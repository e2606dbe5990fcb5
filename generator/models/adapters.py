"""What may take part in a job beside its model: control models, style adapters and LoRAs by name.

Fetched ones go by their names in the catalogue, the user's own by theirs. Nothing missing is
guessed: one sentence says which command brings it.
"""

from pathlib import Path
from typing import Final

from generator.models.locate import local_file, located
from generator.models.published import FAMILIES, Weights, catalogue
from generator.models.recognise import LORA_TITLES, Kind
from generator.models.registry import Adopted, read_registry
from generator.request import ErrorKind, GenerationError

CONTROLS: Final = ("scribble", "canny", "depth", "pose")  # that are published for each family
OTHER_WORDS: Final = {"edges": "canny", "openpose": "pose"}
STYLES: Final = ("style-plus", "style")  # the better one first
ENCODER: Final = "image-encoder"
ENCODER_PATH: Final = Path("models", "image_encoder")


def adapters(kind: Kind) -> tuple[Adopted, ...]:
    """Return all of a kind that are in their place, fetched or the user's own, by name."""
    own = [each for each in read_registry().files if each.kind is kind and each.is_there]
    places = located()
    fetched = [
        _fetched(weights, places[weights.name])
        for weights in catalogue()
        if weights.kind is kind and weights.name in places
    ]
    return tuple(sorted([*own, *fetched], key=lambda each: each.name))


def control_model(name: str, family: str) -> Adopted:
    """Return the control model of a kind, as "canny", or of that name; raise `GenerationError`."""
    name = OTHER_WORDS.get(name.casefold(), name)
    known = f"{family}-control-{name.casefold()}"
    chosen = _named(Kind.CONTROL, family, (known, name))
    if chosen is not None:
        return chosen
    if any(weights.name == known for weights in catalogue()):
        raise _missing(f'There is no control by "{name}" for {_title(family)}', known)
    kinds = ", ".join(CONTROLS)
    raise GenerationError(
        ErrorKind.WEIGHTS_MISSING,
        f'No control model for {_title(family)} is called "{name}" here; there can be {kinds}, and '
        'those that "main.py models add" has made known.',
    )


def style_adapter(name: str, family: str) -> Adopted:
    """Return the style adapter of that name, or the best there is without one."""
    published = tuple(f"{family}-{style}" for style in STYLES)
    chosen = _named(Kind.STYLE, family, (name,) if name else published)
    if chosen is None and not name:
        chosen = next((each for each in adapters(Kind.STYLE) if each.family == family), None)
    if chosen is None:
        what = f'No style adapter for {_title(family)} is called "{name}"' if name else (
            f"There is no style adapter for {_title(family)}"
        )  # fmt: skip
        raise _missing(what, f"{family}-style")
    return chosen


def image_encoder() -> Path:
    """Return the folder of the image encoder that style adapters need; raise `GenerationError`."""
    place = located().get(ENCODER)
    if place is None:
        raise _missing("Style pictures need the image encoder, which is not", ENCODER)
    return place / ENCODER_PATH


def lora(name: str, family: str) -> Adopted:
    """Return the LoRA of that name; raise `GenerationError` where there is none for the family."""
    chosen = _named(Kind.LORA, family, (name, f"{family}-{name}"))
    if chosen is not None:
        return chosen
    published = next((w.name for w in catalogue() if w.kind is Kind.LORA and w.name == name), None)
    if published is not None:
        raise _missing(f'The LoRA "{name}" is not', published)
    names = ", ".join(each.name for each in adapters(Kind.LORA) if each.family == family) or "none"
    raise GenerationError(
        ErrorKind.WEIGHTS_MISSING,
        f'There is no LoRA "{name}" on this machine; for {_title(family)} there are: {names}.',
    )


def _named(kind: Kind, family: str, names: tuple[str, ...]) -> Adopted | None:
    """Return the first that is called so; one of another family is refused."""
    known = {each.name.casefold(): each for each in adapters(kind)}
    for name in names:
        found = known.get(name.casefold())
        if found is None:
            continue
        if found.family != family:
            raise GenerationError(
                ErrorKind.UNSUPPORTED,
                f'"{found.name}" is a {kind} for {_title(found.family)}, and this model is of '
                f"{_title(family)}.",
            )
        return found
    return None


def _fetched(weights: Weights, place: Path) -> Adopted:
    """Describe a fetched entry as the user's own files are; its hash may not be known."""
    files = [local_file(place, file) if weights.is_folder else place for file in weights.files]
    size_bytes = sum(file.stat().st_size for file in files if file is not None)
    sha256 = weights.files[-1].sha256 or ""
    kind = weights.kind
    assert kind is not None
    return Adopted(
        weights.name, str(place), sha256, size_bytes, kind, weights.family, weights.title
    )


def _title(family: str) -> str:
    return LORA_TITLES.get(family) or (FAMILIES[family].title if family in FAMILIES else family)


def _missing(what: str, entry: str) -> GenerationError:
    return GenerationError(
        ErrorKind.WEIGHTS_MISSING,
        f'{what} on this machine; "main.py models get {entry}" fetches it.',
    )
