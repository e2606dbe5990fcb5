"""Controls, styles and LoRAs in every task of both families: they count, and leave no trace."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from generator.layer_diffusion import pipeline
from generator.layer_diffusion.guidance.asked import asked_of
from generator.layer_diffusion.guidance.guidance import NO_CONTROL
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.memory import Plan, Tactic, Weighed, weighed
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline, Outcome
from generator.layer_diffusion.sampling import Cancelled
from generator.models import adapters
from generator.models.catalogue import Model
from generator.request import (
    NEEDS,
    RGBA8,
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Lora,
    Role,
    Task,
)
from tests.generator.layer_diffusion.guidance.tiny_guidance import write_guidance

FAMILY_TASKS = [
    (family, task)
    for family in ("sd15", "sdxl")
    for task in (
        Task.LAYER, Task.TOGETHER, Task.BACKGROUND, Task.FOREGROUND, Task.VARY, Task.REPAINT,
        Task.EXTRACT,
    )
    if family == "sdxl" or task is not Task.EXTRACT
]  # fmt: skip
MEANS = ("control", "style", "lora", "all")


class Studio:
    """A tiny model with what can guide it, and how it was before."""

    def __init__(self, model: Model, folder: Path) -> None:
        parts = load(model, torch.device("cpu"), torch.float32)
        self.pipeline = LayerDiffusionPipeline(parts)
        self.family = parts.card.family
        self.places = write_guidance(parts, folder)
        self.plain: dict[Task, Outcome] = {}
        self._state = self._now()

    def run(self, request: GenerationRequest) -> Outcome:
        return self.pipeline.run(request, lambda _: None, lambda: False)

    def without(self, task: Task) -> Outcome:
        if task not in self.plain:
            self.plain[task] = self.run(asked(task))
        return self.plain[task]

    def assert_untouched(self) -> None:
        before, now = self._state, self._now()
        assert before.keys() == now.keys()
        for name, one in now.items():
            other = before[name]
            same = torch.equal(one, other) if isinstance(one, torch.Tensor) else one is other
            assert same, name

    def _now(self) -> dict[str, Any]:
        parts = self.pipeline.parts
        state = {
            f"{network}.{name}": value.clone()
            for network, module in parts.networks.items()
            for name, value in module.state_dict().items()
        }
        hooks = sum(len(one._forward_pre_hooks) for one in parts.unet.modules())
        return state | parts.unet.attn_processors | {"hooks": torch.tensor(hooks)}


@pytest.fixture(scope="module")
def studios(
    tiny_models: Callable[[str], Model], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Studio]:
    made: dict[str, Studio] = {}

    def studio(family: str) -> Studio:
        if family not in made:
            made[family] = Studio(tiny_models(family), tmp_path_factory.mktemp(f"guide-{family}"))
        return made[family]

    return studio


@pytest.fixture
def studio(
    family: str,
    studios: Callable[[str], Studio],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Studio:
    """The model of the test's family, whose guides are found by name."""
    monkeypatch.setenv("ACETATE_MODELS", str(tmp_path))
    made = studios(family)
    monkeypatch.setattr(adapters, "located", lambda: made.places)
    return made


@pytest.fixture(params=["sd15", "sdxl"])
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def picture(seed: int, height: int = 90, width: int = 70) -> RGBA8:
    rng = np.random.default_rng(seed)
    pixels = np.kron(rng.integers(0, 256, (9, 7, 4)), np.ones((10, 10, 1), int)).astype(np.uint8)
    pixels[..., 3] = 255
    pixels[:30, :, 3] = 0
    return np.ascontiguousarray(pixels[:height, :width])


def asked(task: Task, *more: Condition, **wishes: Any) -> GenerationRequest:
    given = [Condition(role, picture(4 + n)) for n, role in enumerate(NEEDS[task])]
    settings = {"steps": 1, "is_draft": True} | wishes
    return GenerationRequest(
        "a red apple", (70, 90), 7, task, conditions=(*given, *more), **settings
    )


CONTROL = Condition(Role.CONTROL, picture(1, 64, 64), "canny", 0.8)
STYLE = Condition(Role.STYLE, picture(2, 40, 70), weight=0.7)
LORA = Lora("lcm", 0.5)


def guided(task: Task, means: str, **wishes: Any) -> GenerationRequest:
    conditions = [CONTROL] * (means in ("control", "all")) + [STYLE] * (means in ("style", "all"))
    loras = (LORA,) if means in ("lora", "all") else ()
    return asked(task, *conditions, loras=loras, guidance=5.0, **wishes)


@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize(("family", "task"), FAMILY_TASKS)
def test_each_counts_in_each_task_and_leaves_no_trace(
    studio: Studio, task: Task, means: str
) -> None:
    outcome = studio.run(guided(task, means))
    studio.assert_untouched()
    plain = studio.without(task)
    assert [layer.role for layer in outcome.layers] == [layer.role for layer in plain.layers]
    same = [
        np.array_equal(one.pixels, other.pixels)
        for one, other in zip(outcome.layers, plain.layers, strict=True)
    ]
    # A control says nothing of a background that is made after its foreground.
    free = [layer.role is Role.BACKGROUND and task is Task.TOGETHER for layer in plain.layers]
    assert not any(is_same and not is_free for is_same, is_free in zip(same, free, strict=True))
    assert [each.name for each in outcome.adapters] == [
        name
        for name, kinds in (
            (f"{studio.family}-control-canny", ("control", "all")),
            (f"{studio.family}-style-plus", ("style", "all")),
            (f"{studio.family}-lcm", ("lora", "all")),
        )
        if means in kinds
    ]


def test_afterwards_plain_jobs_are_the_same_bytes(studio: Studio) -> None:
    before = studio.run(asked(Task.TOGETHER))
    studio.run(guided(Task.TOGETHER, "all"))
    after = studio.run(asked(Task.TOGETHER))
    for one, other in zip(before.layers, after.layers, strict=True):
        assert np.array_equal(one.pixels, other.pixels)


def test_adapters_are_told_with_hash_and_weight(studio: Studio) -> None:
    used = studio.run(guided(Task.LAYER, "all")).adapters
    weights = [each.weight for each in used]
    canny = studio.places[f"{studio.family}-control-canny"]
    paths = [
        canny / "diffusion_pytorch_model.safetensors",
        studio.places[f"{studio.family}-style-plus"],
        studio.places[f"{studio.family}-lcm"],
    ]
    assert weights == [0.8, 0.7, 0.5]
    # The hash that the catalogue states is believed: `models verify` is who reads the bytes.
    known = {each.name: each.files[-1].sha256 for each in adapters.catalogue()}
    for each, path in zip(used, paths, strict=True):
        assert each.hash == (known[each.name] or hashlib.sha256(path.read_bytes()).hexdigest())


def test_weight_zero_takes_no_part(studio: Studio) -> None:
    nothing = (
        Condition(Role.CONTROL, CONTROL.pixels, "none such", 0.0),
        Condition(Role.STYLE, STYLE.pixels, "none such", 0.0),
    )
    request = asked(Task.LAYER, *nothing, loras=(Lora("none such", 0.0),), guidance=5.0)
    outcome = studio.run(request)
    assert outcome.adapters == ()
    plain = studio.run(asked(Task.LAYER, guidance=5.0)).layers[0]
    # A condition picture fixes the box, so the size is the same; tiny models know any size.
    assert np.array_equal(outcome.layers[0].pixels, plain.pixels)


def test_several_of_each_and_several_variants(studio: Studio) -> None:
    more = (
        CONTROL,
        Condition(Role.CONTROL, picture(3), "scribble", 0.5),
        STYLE,
        Condition(Role.STYLE, picture(6), weight=0.4),
    )
    request = asked(Task.TOGETHER, *more, loras=(LORA, LORA), guidance=5.0, count=2)
    studio.pipeline.plan = Plan(Tactic.FULL, at_once=2)
    try:
        both = studio.run(request)
    finally:
        studio.pipeline.plan = None
    studio.assert_untouched()
    assert len(both.layers) == 6
    assert len(both.adapters) == 6
    again = studio.run(asked(Task.TOGETHER, *more, loras=(LORA, LORA), guidance=5.0, count=2))
    for one, other in zip(both.layers, again.layers, strict=True):
        assert np.abs(one.pixels.astype(int) - other.pixels).max() <= 1


def test_without_guidance_there_is_no_negative_half(studio: Studio) -> None:
    outcome = studio.run(asked(Task.TOGETHER, CONTROL, STYLE, guidance=1.0))
    plain = studio.run(asked(Task.TOGETHER, guidance=1.0))
    assert not np.array_equal(outcome.layers[0].pixels, plain.layers[0].pixels)
    studio.assert_untouched()


def test_a_standard_style_adapter_by_its_name(studio: Studio) -> None:
    name = f"{studio.family}-style"
    outcome = studio.run(asked(Task.LAYER, Condition(Role.STYLE, STYLE.pixels, name)))
    assert [each.name for each in outcome.adapters] == [name]
    assert not np.array_equal(outcome.layers[0].pixels, studio.without(Task.LAYER).layers[0].pixels)


def test_released_and_diffusers_control_files_are_the_same_network(studio: Studio) -> None:
    made = []
    lines = np.zeros((180, 140, 4), np.uint8)
    lines[..., 3] = 255
    lines[50:53, 10:130, :3] = 255  # a drawing is taken as it is for both kinds
    for kind in ("canny", "scribble"):
        made.append(studio.run(asked(Task.LAYER, Condition(Role.CONTROL, lines, kind))).layers[0])
    assert np.array_equal(made[0].pixels, made[1].pixels)


def test_few_steps_are_the_default_where_nobody_says_otherwise(studio: Studio) -> None:
    outcome = studio.run(asked(Task.LAYER, loras=(LORA,), steps=None, guidance=None))
    assert (outcome.steps, outcome.guidance) == (8, 1.5)
    told = studio.run(asked(Task.LAYER, loras=(LORA,), steps=3, guidance=2.0))
    assert (told.steps, told.guidance) == (3, 2.0)


def test_a_file_named_by_hand(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "ink.safetensors"
    path.write_bytes(studio.places[f"{studio.family}-lcm"].read_bytes())
    (used,) = studio.run(asked(Task.LAYER, loras=(Lora("", 0.5, str(path)),))).adapters
    assert used.name == "ink"
    assert used.hash == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_guides_is_weighed_before_the_plan_is_chosen(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, places = studio.pipeline.parts, studio.places
    whole = weighed(parts).whole
    beside = (
        (places[f"{studio.family}-control-canny"] / "diffusion_pytorch_model.safetensors"),
        places[f"{studio.family}-style-plus"],
    )
    guides = sum(path.stat().st_size for path in beside) + weighed(parts).unet
    chosen = []

    def plan(free: int, weights: Weighed, *_: Any, **__: Any) -> Plan:
        chosen.append((free, weights.whole))
        return Plan(Tactic.FULL)

    monkeypatch.setattr(pipeline, "free_for", lambda _: 10**9)
    monkeypatch.setattr(pipeline, "plan_for", plan)
    studio.run(asked(Task.VARY))
    studio.run(guided(Task.VARY, "all"))
    (free, plain), (_, loaded) = chosen
    assert free == 10**9
    assert plain >= whole
    assert loaded - plain == guides


def test_what_a_lora_says_of_unknown_layers_is_told(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "ink.safetensors"
    extra = {"bundle_emb.name": torch.zeros(1, 32)}
    save_file({**load_file(studio.places[f"{studio.family}-lcm"]), **extra}, path)
    warnings = studio.run(asked(Task.LAYER, loras=(Lora("", 0.5, str(path)),))).warnings
    assert "What ink.safetensors says of bundle_emb.name fits nothing" in " ".join(warnings)


@pytest.mark.parametrize(
    ("request_with", "sentence"),
    [
        ({"more": Condition(Role.CONTROL, CONTROL.pixels, "depth")}, "models get .*-control-depth"),
        ({"more": Condition(Role.CONTROL, CONTROL.pixels, "../etc")}, r'called "\.\./etc" here'),
        ({"loras": (Lora("none", 1.0),)}, 'There is no LoRA "none"'),
        ({"loras": (Lora("", 1.0, "/no/such.safetensors"),)}, "There is no file"),
        ({"loras": (Lora("", 1.0, "/no/such.ckpt"),)}, "There is no file"),
    ],
)
def test_what_is_missing_ends_the_job_in_one_sentence(
    studio: Studio, request_with: dict[str, Any], sentence: str
) -> None:
    more = [request_with["more"]] if "more" in request_with else []
    with pytest.raises(GenerationError, match=sentence):
        studio.run(asked(Task.LAYER, *more, loras=request_with.get("loras", ())))
    studio.assert_untouched()


def test_an_enlargement_takes_styles_and_loras_and_says_that_it_takes_no_controls(
    studio: Studio,
) -> None:
    plain = studio.run(asked(Task.UPSCALE))
    outcome = studio.run(guided(Task.UPSCALE, "all"))
    studio.assert_untouched()
    assert NO_CONTROL in outcome.warnings
    assert not np.array_equal(outcome.layers[0].pixels, plain.layers[0].pixels)
    assert [each.name for each in outcome.adapters] == [
        f"{studio.family}-style-plus", f"{studio.family}-lcm",
    ]  # fmt: skip


def test_a_guide_of_the_other_family_is_refused(
    studio: Studio, studios: Callable[[str], Studio], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = studios({"sd15": "sdxl", "sdxl": "sd15"}[studio.family])
    wrong = {
        f"{studio.family}-control-canny": other.places[f"{other.family}-control-canny"],
        f"{studio.family}-style": other.places[f"{other.family}-style"],
        "image-encoder": other.places["image-encoder"],
        f"{studio.family}-lcm": other.places[f"{other.family}-lcm"],
    }
    monkeypatch.setattr(adapters, "located", lambda: wrong)
    for more, loras in (((CONTROL,), ()), ((STYLE,), ()), ((), (LORA,))):
        with pytest.raises(GenerationError) as caught:
            studio.run(asked(Task.LAYER, *more, loras=loras))
        assert caught.value.kind is ErrorKind.UNSUPPORTED
        assert "model" in str(caught.value)
    studio.assert_untouched()


def test_a_model_without_such_networks_says_who_has_them(studio: Studio) -> None:
    request = asked(Task.LAYER, CONTROL, model="pocket")
    with pytest.raises(GenerationError, match=r'"pocket" takes no control .* SD 1.5 and SDXL do'):
        asked_of(request, "pocket", lambda: False)


def test_a_cancelled_job_leaves_no_trace(studio: Studio) -> None:
    heard: list[object] = []
    with pytest.raises(Cancelled):
        studio.pipeline.run(
            guided(Task.TOGETHER, "all", steps=4), heard.append, lambda: len(heard) >= 2
        )
    assert heard
    studio.assert_untouched()
