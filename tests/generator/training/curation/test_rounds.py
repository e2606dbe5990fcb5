"""From candidates and verdicts to the next set, with where everything comes from."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.formats import read
from generator.request import (
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Lora,
    Role,
    UsedAdapter,
)
from generator.training.adapting.assets import assets_in
from generator.training.adapting.lessons import Drawn
from generator.training.curation.__main__ import main
from generator.training.curation.candidates import Wanted, make_candidates
from generator.training.curation.records import INDEX, VERDICTS, Candidate, read_records
from generator.training.curation.rounds import LIST, Entry, Mix, Originals, build_set
from generator.training.curation.verdicts import take_verdicts

SIDE = 32
LORA = Lora("last", 0.8, "last.safetensors")
DRAWN = Originals(drawn=(Drawn(np.ones((SIDE, SIDE, 4), np.float32) / 2, "grey square"),))


def disc(seed: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """A disc of a size that follows from the seed."""
    y, x = np.mgrid[:SIDE, :SIDE]
    rgba = np.full((SIDE, SIDE, 4), 90, np.uint8)
    rgba[..., 3] = np.where(np.hypot(x - 16, y - 16) < 6 + seed % 5, 255, 0)
    return rgba


def engine(request: GenerationRequest) -> GenerationResult:
    """Make discs where a model would make layers."""
    return GenerationResult(
        job="job",
        layers=(GeneratedLayer(Role.FOREGROUND, disc(request.seed), request.seed),),
        model=request.model,
        model_hash="abc",
        steps=4,
        guidance=2.0,
        seconds=0.1,
        adapters=tuple(UsedAdapter(each.name, "def", each.weight) for each in request.loras),
    )


@pytest.fixture
def round_one(tmp_path: Path) -> Path:
    """Two candidates for each of two prompts."""
    wanted = Wanted(("red ball", "glass ball"), 2, "pocket", (SIDE, SIDE), 1, 7, LORA)
    make_candidates(wanted, tmp_path / "one", engine)
    return tmp_path / "one"


def said(folder: Path, text: str) -> Path:
    """A file of verdicts."""
    path = folder.parent / "verdicts.csv"
    path.write_text("file,verdict,repaired\n" + text)
    return path


def test_the_index_says_what_made_each_picture(round_one: Path) -> None:
    found = read_records(round_one / INDEX, Candidate)
    assert [each.seed for each in found] == [7, 8, 9, 10]
    assert found[0] == Candidate(
        "red-ball-7.png", "red ball", 7, 1, "pocket", "abc", "last", "def", 0.8
    )
    assert found[3].flags == ("too little transparency",)


def test_the_editor_reads_the_recipe_in_a_candidate(round_one: Path) -> None:
    (layer,) = read(round_one / "red-ball-7.png").document.layers
    assert layer.recipe is not None
    assert (layer.recipe.prompt, layer.recipe.seed, layer.recipe.model_hash) == (
        "red ball", 7, "abc",
    )  # fmt: skip
    assert layer.recipe.adapters[0].name == "last"


def test_what_is_there_is_not_made_again(round_one: Path) -> None:
    wanted = Wanted(("red ball", "glass ball"), 2, "pocket", (SIDE, SIDE), 1, 7, LORA)
    lines = (round_one / INDEX).read_bytes()
    (round_one / INDEX).write_bytes(lines[:-20])  # as a crash leaves it
    asked: list[int] = []

    def counting(request: GenerationRequest) -> GenerationResult:
        asked.append(request.seed)
        return engine(request)

    found = make_candidates(wanted, round_one, counting)
    assert asked == [10]
    assert [each.seed for each in found] == [7, 8, 9, 10]


def test_the_next_set_weighs_kept_leaves_out_rejected_and_mixes_in(round_one: Path) -> None:
    repaired = round_one.parent / "repaired.png"
    Image.fromarray(disc(99)).save(repaired)
    verdicts = said(
        round_one,
        "red-ball-7.png,keep,\nred-ball-8.png,reject,\n"
        "glass-ball-9.png,fixed,repaired.png\nglass-ball-10.png,,\n",
    )
    assert take_verdicts(round_one, verdicts) == {"keep": 1, "reject": 1, "fixed": 1}
    out = round_one.parent / "set"
    build_set([round_one], DRAWN, Mix(originals_share=0.5), out)
    entries = read_records_of(out)
    assert [(each.source, each.caption, each.weight) for each in entries] == [
        ("kept", "red ball", 2.0),
        ("fixed", "glass ball", 2.0),
        ("drawn", "grey square", 4.0),
    ]
    assert entries[0].candidate is not None
    assert entries[0].candidate.adapter_hash == "def"
    assert entries[1].repaired == "repaired.png"
    learned = assets_in(out / LIST)
    assert [each.is_original for each in learned] == [False, False, True]
    assert (np.asarray(Image.open(learned[1].file)) == disc(99)).all()


def test_a_later_verdict_takes_the_place_of_an_earlier_one(round_one: Path) -> None:
    take_verdicts(round_one, said(round_one, "red-ball-7.png,keep,\n"))
    assert take_verdicts(round_one, said(round_one, "red-ball-7.png,reject,\n")) == {"reject": 1}
    with pytest.raises(GenerationError, match="Nothing was kept"):
        build_set([round_one], DRAWN, Mix(), round_one.parent / "set")
    assert not (round_one.parent / "set").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nobody.png,keep,\n", "about nobody.png, not in"),
        ("red-ball-7.png,maybe,\n", 'says "maybe"; a verdict is one of keep, reject, fixed'),
        ("red-ball-7.png,fixed,\n", "names no repaired picture"),
        ("red-ball-7.png,fixed,gone.png\n", "There is no picture"),
    ],
)
def test_wrong_verdicts_change_nothing(round_one: Path, text: str, sentence: str) -> None:
    with pytest.raises(GenerationError, match=sentence):
        take_verdicts(round_one, said(round_one, "red-ball-8.png,keep,\n" + text))
    assert not (round_one / VERDICTS).exists()


def test_rounds_are_compared_blind_and_in_figures(
    round_one: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, out = round_one.parent / "two", round_one.parent / "compared"
    wanted = Wanted(("red ball", "glass ball"), 2, "pocket", (SIDE, SIDE), 2, 7)
    make_candidates(wanted, other, engine)
    assert main(["compare", str(round_one), str(other), "--out", str(out)]) == 0
    assert (out / "sheet.png").is_file()
    assert list((out / "blind").glob("*.html"))
    heading, first, second, _ = capsys.readouterr().out.splitlines()
    assert heading.split() == ["pictures", "flagged", "cover", "soft", "border"]
    assert first.split()[1:3] == second.split()[1:3] == ["4.000", "0.500"]


def read_records_of(out: Path) -> list[Entry]:
    """The list of a set."""
    import msgspec

    lines = (out / LIST).read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Entry) for line in lines]
