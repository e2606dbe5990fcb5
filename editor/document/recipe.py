"""What made a generated layer, so that it can be made again, varied, or found to be stale.

Plain fields only (numbers, strings, tuples), because recipes travel in project files, in the XMP of
PSD files and in PNG text. A recipe names a model; it never holds a path.
"""

from dataclasses import dataclass, field

from editor.document.geometry import Rect

Affine = tuple[float, float, float, float, float, float]  # x' = a*x + b*y + c, y' = d*x + e*y + f

IDENTITY: Affine = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA, style or control model that took part, by name and hash of its file."""

    name: str
    hash: str
    weight: float


@dataclass(frozen=True, slots=True)
class RecipeInput:
    """A layer the result was conditioned on, and the hash of its pixels as the model saw them."""

    layer: str  # id of the layer
    role: str  # foreground, background, blended, image, mask, or a kind of control
    pixels_hash: str  # SHA-256 of the RGBA8 bytes after placement and scaling


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one picture was made. The affine maps pixels of the model's picture to the document."""

    task: str
    prompt: str
    seed: int
    model: str
    negative_prompt: str = ""
    foreground_prompt: str = ""
    background_prompt: str = ""
    steps: int = 0
    guidance: float = 0.0
    strength: float | None = None
    model_hash: str = ""
    adapters: tuple[Adapter, ...] = field(default=())
    inputs: tuple[RecipeInput, ...] = field(default=())
    box: Rect | None = None  # where in the document the result was asked for
    affine: Affine = IDENTITY
    job: str = ""  # joins the layers that were made together
