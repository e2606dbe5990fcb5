"""The catalogue's facts, held against the released files' tensors where those are known."""

import re

import pytest

from generator.models.adapters import CONTROLS, ENCODER, STYLES
from generator.models.names import is_name
from generator.models.published import FAMILIES, Weights, catalogue, published, tasks_of
from generator.models.recognise import Kind
from generator.request import GenerationError, Task

DECODER_NUMBERS, ENCODER_NUMBERS = 104_104_804, 1_181_764  # in the released decoder and encoder


@pytest.mark.parametrize("weights", catalogue(), ids=lambda each: each.name)
def test_entry_says_all_that_a_download_and_a_person_need(weights: Weights) -> None:
    assert is_name(weights.name)
    assert weights.family in FAMILIES or weights.kind is Kind.IMAGE_ENCODER
    assert weights.name.startswith(f"{weights.family}-" if weights.family else "image-encoder")
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", weights.repository)
    # Of one repository nobody has pinned a revision.
    is_loose = weights.name == "sd15-control-scribble"
    assert re.fullmatch("main" if is_loose else r"[0-9a-f]{40}", weights.revision)
    assert weights.terms.licence
    assert weights.terms.restrictions.endswith(".")
    assert weights.terms.page.startswith("https://")
    for file in weights.files:
        assert re.fullmatch(r"[\w./-]+\.(safetensors|json|txt)", file.path)
        assert ".." not in file.path
        assert file.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.size_bytes is None or file.size_bytes > 0


def test_names_and_hashes_are_told_apart() -> None:
    names = [weights.name for weights in catalogue()]
    assert len(set(names)) == len(names)
    alone = [each.files[0].sha256 for each in catalogue() if not each.is_folder]
    known = [sha256 for sha256 in alone if sha256]
    assert len(known) == len(set(known)) == 19


@pytest.mark.parametrize("family", FAMILIES)
def test_every_task_of_a_family_is_served_by_what_a_family_fetches(family: str) -> None:
    fetched = {weights.name for weights in published(family)}
    served = {task for weights in published(family) for task in tasks_of(weights)}
    assert served == set(FAMILIES[family].needs)
    for names in FAMILIES[family].needs.values():
        assert set(names) <= fetched
    assert set(FAMILIES[family].always) <= fetched
    assert Task.LAYER in served


def test_sizes_agree_with_the_released_tensors() -> None:
    sizes = {weights.name: weights.about_bytes for weights in catalogue()}
    for family in FAMILIES:
        assert sizes[f"{family}-decoder"] == pytest.approx(2 * DECODER_NUMBERS, rel=0.01)
        assert sizes[f"{family}-encoder"] == pytest.approx(2 * ENCODER_NUMBERS, rel=0.01)


def test_what_guides_a_job_is_published_for_both_families() -> None:
    for family in FAMILIES:
        names = {each.name for each in catalogue() if each.kind and each.family == family}
        wanted = {f"control-{kind}" for kind in CONTROLS} | set(STYLES) | {"lcm", "hyper"}
        assert {f"{family}-{name}" for name in wanted} <= names
    assert ENCODER in {each.name for each in catalogue()}
    assert all(each.is_extra for each in catalogue() if each.kind)


def test_extras_come_by_their_own_name_only() -> None:
    assert not any(weights.is_extra for weights in published("sdxl"))
    assert [each.name for each in published("sdxl-layer-full")] == ["sdxl-layer-full"]


@pytest.mark.parametrize("name", ["", "flux", "../sdxl", "sdxl-"])
def test_other_names_are_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(GenerationError, match="there are: sd15, sdxl, sd15-base"):
        published(name)
