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
    is_lora: bool = True  # asked for by name; styles and controls follow from the inputs


@dataclass(frozen=True, slots=True)
class RecipeInput:
    """A layer the result was conditioned on, and the hash of its pixels as the model saw them."""

    layer: str  # id of the layer, empty for a picture from a file
    role: str  # foreground, background, blended, image, mask, control, style
    pixels_hash: str  # SHA-256 of the RGBA8 bytes within the box, before scaling
    kind: str = ""  # of a control: scribble, canny, depth, pose
    weight: float = 1.0  # of a control or a style


@dataclass(frozen=True, slots=True)
class Cast:
    """How a shadow falls that no picture shows; degrees, and parts of the subject's height."""

    direction: float = 60.0
    length: float = 0.6
    softness: float = 0.06
    contact: float = 0.5
    opacity: float = 0.5


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
    patch_weight: float = 1.0
    stop_at: float | None = None
    scale: int = 2  # of an upscaled layer
    is_draft: bool = False
    cast: Cast | None = None  # of a shadow
    model_hash: str = ""
    adapters: tuple[Adapter, ...] = field(default=())
    inputs: tuple[RecipeInput, ...] = field(default=())
    role: str = "foreground"  # which of the pictures made together this one is
    box: Rect | None = None  # where in the document the result was asked for
    content: Rect | None = None  # where its visible pixels were laid, to know how far it was moved
    affine: Affine = IDENTITY
    job: str = ""  # joins the layers that were made together
