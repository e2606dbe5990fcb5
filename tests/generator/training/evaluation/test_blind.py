"""The blind page hides whose picture is whose, and its verdicts can be added up."""

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.request import GenerationError
from generator.training.evaluation.blind import Pair, blind
from generator.training.evaluation.comparing import compare, prompts
from generator.training.evaluation.verdicts import VerdictsError, read, summed

COUNT = 40


def pairs() -> list[Pair]:
    a, b = np.full((4, 4, 4), 10, np.uint8), np.full((4, 4, 4), 200, np.uint8)
    return [Pair(f"thing {number} </script>", a, b) for number in range(COUNT)]


def constant(page: str, name: str) -> object:
    (found,) = re.findall(rf"^const {name} = (.*);$", page, re.MULTILINE)
    return json.loads(found)


def test_sides_are_shuffled_and_the_key_knows_how() -> None:
    made = blind(("old", "new"), pairs(), seed=5)
    key = json.loads(base64.b64decode(str(constant(made.page, "KEY"))))
    assert (key["a"], key["b"]) == ("old", "new")
    assert 8 < key["first"].count("a") < COUNT - 8
    cases = constant(made.page, "CASES")
    assert isinstance(cases, list)
    for case, first in zip(cases, key["first"], strict=True):
        shades = [made.pictures[name][0, 0, 0] for name in case["files"]]
        assert shades == ([10, 200] if first == "a" else [200, 10])


def test_nothing_on_the_page_names_a_side_or_the_network() -> None:
    page = blind(("old-model", "new-model"), pairs(), seed=5).page
    assert "old-model" not in page
    assert "http" not in page
    assert page.count("</script>") == 1  # that of the script itself, not of a prompt
    assert page == blind(("old-model", "new-model"), pairs(), seed=5).page
    assert page != blind(("old-model", "new-model"), pairs(), seed=6).page


def test_two_folders_of_pictures_become_a_page(tmp_path: Path) -> None:
    for side, shade in (("a", 10), ("b", 200)):
        (tmp_path / side).mkdir()
        for name in ("cup", "tree", side):
            Image.new("RGBA", (4, 4), (shade,) * 4).save(tmp_path / side / f"{name}.png")
    sides = (str(tmp_path / "a"), str(tmp_path / "b"))
    page = compare(sides, [], 1, "cpu", tmp_path / "out", lambda _words: None)
    assert page.name == "index.html"
    assert sorted(path.name for path in page.parent.iterdir()) == [
        "index.html", *(f"pair-00{n}-{side}.png" for n in (0, 1) for side in (1, 2)),
    ]  # fmt: skip
    assert [case["prompt"] for case in constant(page.read_text(), "CASES")] == ["cup", "tree"]  # type: ignore[attr-defined]  # it is JSON


def test_folders_that_share_nothing_are_refused(tmp_path: Path) -> None:
    for side in ("a", "b"):
        (tmp_path / side).mkdir()
    sides = (str(tmp_path / "a"), str(tmp_path / "b"))
    with pytest.raises(GenerationError, match="no PNG files of the same names"):
        compare(sides, [], 1, "cpu", tmp_path / "out", lambda _words: None)
    assert not (tmp_path / "out").exists()


def test_prompts_come_from_a_file_or_of_our_own(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("a red car\n\n  smoke \n")
    assert prompts(file, 9) == ["a red car", "smoke"]
    file.write_text("\n")
    with pytest.raises(GenerationError, match="no prompts"):
        prompts(file, 9)
    own = prompts(None, 40)
    assert len(own) == len(set(own)) == 40


def verdicts(tmp_path: Path, **changes: object) -> Path:
    said = [{"case": "x", "chosen": side} for side in ("a", "a", "b", "same")]
    entries = {"kind": "acetate-verdicts", "comparison": "1", "a": "old", "b": "new", "cases": 5}
    file = tmp_path / "verdicts.json"
    file.write_text(json.dumps({**entries, "verdicts": said, **changes}))
    return file


def test_verdicts_are_counted(tmp_path: Path) -> None:
    found = summed(read(verdicts(tmp_path)))
    assert (found.for_a, found.for_b, found.same, found.left_out) == (2, 1, 1, 1)
    assert found.share == pytest.approx(2 / 3)
    assert found.p == 1
    assert found.lines()[-1] == "So many verdicts do not tell the two apart."
    many = [{"case": "x", "chosen": "b"}] * 12
    sure = summed(read(verdicts(tmp_path, verdicts=many, cases=12)))
    assert sure.p == pytest.approx(2 / 4096)
    assert sure.lines()[-1] == "People prefer B."


@pytest.mark.parametrize(
    "changes", [{"kind": "other"}, {"verdicts": [{"case": "x", "chosen": "left"}]}, {"a": 3}]
)
def test_other_files_hold_no_verdicts(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(VerdictsError, match="holds no verdicts"):
        read(verdicts(tmp_path, **changes))
    with pytest.raises(VerdictsError, match="cannot be read"):
        read(tmp_path / "none.json")
