"""Documents that hypothesis makes: everything a layer can be, small."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import ImageCms

from editor.document.adjustment import (
    BrightnessContrast,
    ColorBalance,
    Curves,
    HueSaturation,
    Invert,
    LevelRange,
    Levels,
)
from editor.document.document import Document, Guide, Orientation
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import (
    AdjustmentLayer,
    BlendMode,
    Group,
    Label,
    LayerId,
    Locks,
    Mask,
    PixelLayer,
    Variant,
    Verdict,
    new_layer_id,
)
from editor.document.pixels import Coverage, Pixels
from editor.document.recipe import Adapter, Recipe, RecipeInput

NAMES = st.one_of(
    st.sampled_from(
        ["Layer 1", "", "日本語のレイヤー", "Верхний слой", "طبقة", "🦊 fox 👩‍🚀", "a/b\\c<b>"]
    ),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
)
MODES = [mode for mode in BlendMode if mode is not BlendMode.PASS_THROUGH]
FINITE = st.floats(-1e4, 1e4, allow_nan=False)


@st.composite
def arrays(draw, channels):
    """Return noise, flat or sparse pictures of up to 40 x 40."""
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    array = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
    match draw(st.sampled_from(["noise", "flat", "holes", "nothing"])):
        case "flat":
            array[:] = array[0, 0]
        case "holes":
            array[rng.random((height, width)) < 0.6] = 0
        case "nothing":
            array[:] = 0
    return array


POINTS = st.builds(Point, st.integers(-90, 90), st.integers(-90, 90))
PIXELS = st.one_of(
    st.just(Pixels.empty()), st.builds(Pixels.from_array, arrays(channels=4), POINTS)
)
COVERAGES = st.builds(
    lambda array, at, outside: Coverage.from_array(array[..., 0], at, outside),
    arrays(channels=1),
    POINTS,
    st.sampled_from([0, 255]),
)
MASKS = st.none() | st.builds(Mask, COVERAGES, POINTS, st.booleans(), st.booleans())
RECIPES = st.builds(
    Recipe,
    task=st.sampled_from(["layer", "background"]),
    prompt=NAMES,
    seed=st.integers(0, 2**63 - 1),
    model=st.sampled_from(["pocket", "sdxl"]),
    negative_prompt=NAMES,
    steps=st.integers(0, 100),
    guidance=FINITE,
    strength=st.none() | st.floats(0, 1),
    model_hash=st.sampled_from(["", "ab12"]),
    adapters=st.lists(st.builds(Adapter, NAMES, st.just("cd"), FINITE), max_size=2).map(tuple),
    inputs=st.lists(st.builds(RecipeInput, NAMES, NAMES, NAMES), max_size=2).map(tuple),
    box=st.none() | st.builds(Rect, *[st.integers(-99, 99)] * 4),
    affine=st.tuples(*[FINITE] * 6),
)
VARIANTS = st.lists(
    st.builds(Variant, PIXELS, POINTS, RECIPES, st.sampled_from(Verdict)), max_size=2
).map(tuple)


def shared(modes):
    """Return the strategies for what every layer has."""
    return {
        "id": st.builds(new_layer_id),
        "name": NAMES,
        "opacity": st.integers(0, 255).map(lambda step: step / 255),
        "blend_mode": st.sampled_from(modes),
        "visible": st.booleans(),
        "locks": st.builds(Locks, st.booleans(), st.booleans(), st.booleans()),
        "clipped": st.booleans(),
        "mask": MASKS,
        "label": st.sampled_from(Label),
        "model_visible": st.booleans(),
    }


PIXEL_LAYERS = st.builds(
    PixelLayer,
    **shared(MODES),
    pixels=PIXELS,
    offset=POINTS,
    recipe=st.none() | RECIPES,
    variants=VARIANTS,
)
PERCENT = st.integers(-100, 100)
SHIFTS = st.tuples(PERCENT, PERCENT, PERCENT)
BYTES = st.integers(0, 255)
LEVEL_RANGES = st.builds(
    LevelRange,
    black=st.integers(0, 100),
    white=st.integers(110, 255),
    gamma=st.integers(10, 999).map(lambda n: n / 100),
    out_black=BYTES,
    out_white=BYTES,
)
CURVES = st.dictionaries(BYTES, BYTES, min_size=2, max_size=10).map(
    lambda points: tuple(sorted(points.items()))
)
ADJUSTMENTS = st.one_of(
    st.builds(BrightnessContrast, PERCENT, PERCENT),
    st.builds(Levels, *[LEVEL_RANGES] * 4),
    st.builds(Curves, *[CURVES] * 4),
    st.builds(HueSaturation, st.integers(-180, 179), PERCENT, PERCENT),
    st.builds(HueSaturation, st.integers(0, 359), st.integers(0, 100), PERCENT, st.just(True)),
    st.builds(ColorBalance, SHIFTS, SHIFTS, SHIFTS, st.booleans()),
    st.just(Invert()),
)
ADJUSTMENT_LAYERS = st.builds(AdjustmentLayer, **shared(MODES), adjustment=ADJUSTMENTS)
LAYERS = st.recursive(
    st.one_of(PIXEL_LAYERS, PIXEL_LAYERS, ADJUSTMENT_LAYERS),
    lambda inner: st.builds(
        Group,
        **shared(list(BlendMode)),
        children=st.lists(inner, max_size=3).map(tuple),
        open=st.booleans(),
    ),
    max_leaves=5,
)
GUIDES = st.builds(Guide, st.sampled_from(Orientation), st.integers(-50, 5000).map(lambda n: n / 8))
DOCUMENTS = st.builds(
    Document,
    size=st.builds(Size, st.integers(1, 90), st.integers(1, 90)),
    layers=st.lists(LAYERS, max_size=4).map(tuple),
    dpi=st.sampled_from([72.0, 96.0, 300.0, 143.5]),
    icc=st.none(),
    guides=st.lists(GUIDES, max_size=3).map(tuple),
    selection=st.none() | COVERAGES,
)


@pytest.fixture(scope="session")
def documents():
    """Give the strategy of whole documents."""
    return DOCUMENTS


@pytest.fixture
def small_document():
    """Give a document of one noisy layer in a group."""
    rng = np.random.default_rng(7)
    array = rng.integers(0, 256, (60, 70, 4), dtype=np.uint8)
    layer = PixelLayer(
        id=LayerId("one"), name="apple", pixels=Pixels.from_array(array, Point(5, 9))
    )
    group = Group(id=LayerId("two"), name="Fruit", children=(layer,))
    return Document(size=Size(100, 80), layers=(group,), dpi=300.0)


def rich_layers(rng):
    """Return layers bottom first: every mode, every property, every odd place."""
    places = [Point(0, 0), Point(-30, -20), Point(150, 120), Point(400, -300), Point(10, 40)]
    names = ["Himmel", "日本語", "Привет", "طبقة", "fox 🦊", "Layer & <b>"]
    labels, layers = list(Label), []
    for index, mode in enumerate(MODES):
        array = rng.integers(0, 256, (60 + index, 90, 4), dtype=np.uint8)
        array[: 5 + index, :, 3] = 0
        layers.append(
            PixelLayer(
                id=new_layer_id(),
                name=f"{names[index % len(names)]} {mode.value}",
                opacity=(255 - 3 * index) / 255,
                blend_mode=mode,
                visible=index % 7 != 3,
                locks=Locks(index % 2 == 0, index % 3 == 0, index % 5 == 0),
                clipped=index % 4 == 2,
                label=labels[index % len(labels)],
                pixels=Pixels.from_array(array, places[index % len(places)]),
            )
        )
    return layers


@pytest.fixture
def rich_document():
    """Give a document with nested groups, masks and all that `rich_layers` has."""
    rng = np.random.default_rng(11)
    layers = rich_layers(rng)
    grey = rng.integers(0, 256, (70, 80), dtype=np.uint8)
    masks = [
        Mask(Coverage.from_array(grey, Point(20, -10))),
        Mask(Coverage.from_array(grey, Point(5, 5), outside=255), Point(7, 9), linked=False),
        Mask(Coverage.full(0), enabled=False),
    ]
    layers[4] = replace(layers[4], mask=masks[0])
    layers[9] = replace(layers[9], mask=masks[1])
    layers[14] = replace(layers[14], mask=masks[2])
    recipe = Recipe(task="layer", prompt="красное яблоко 🍎 <&>", seed=2**60, model="pocket")
    layers[6] = replace(layers[6], recipe=recipe, model_visible=False)
    empty = PixelLayer(id=new_layer_id(), name="Empty", pixels=Pixels.empty())
    inner = Group(id=new_layer_id(), name="Inner", children=tuple(layers[8:12]), open=False)
    isolated = Group(
        id=new_layer_id(),
        name="Isoliert",
        blend_mode=BlendMode.MULTIPLY,
        opacity=200 / 255,
        mask=masks[1],
        children=(layers[12], inner, *layers[13:17]),
        label=Label.VIOLET,
    )
    through = Group(
        id=new_layer_id(), name="グループ", visible=False, children=(isolated, *layers[17:20])
    )
    nothing = Group(id=new_layer_id(), name="Nothing", children=())
    return Document(
        size=Size(200, 160),
        layers=(*layers[:8], through, nothing, empty, *layers[20:]),
        dpi=143.7,
        icc=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        guides=(Guide(Orientation.VERTICAL, 12.5), Guide(Orientation.HORIZONTAL, 100.0)),
    )
