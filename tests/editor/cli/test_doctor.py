"""`doctor` looks at the real machine; what it says of a thing must follow from that thing."""

from pathlib import Path

from editor.cli import doctor


def test_missing_packages_are_named_and_others_have_their_version() -> None:
    found = doctor._libraries("x", ("numpy", "no-such-package-at-all"))
    assert (found.is_well, found.words) == (False, "not installed: no-such-package-at-all")
    assert doctor._libraries("x", ("numpy",)).words.startswith("numpy ")


def test_a_folder_is_well_when_it_can_be_made(tmp_path: Path) -> None:
    assert doctor._is_writable(tmp_path / "a" / "b")
    (tmp_path / "file").write_bytes(b"")
    assert not doctor._is_writable(tmp_path / "file" / "b")


def test_it_answers_with_what_it_found(call) -> None:
    said = call("doctor", "--json")
    findings = {each["name"]: each for each in said.json["findings"]}
    assert {"system", "Python", "editor libraries", "generator libraries"} <= findings.keys()
    assert findings["editor libraries"]["is_well"]
    bad = [name for name, each in findings.items() if not each["is_well"]]
    assert said.code == (1 if bad else 0)
    assert all(name in said.err for name in bad)
