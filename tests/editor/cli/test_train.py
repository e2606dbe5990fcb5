"""`train` names what can be trained and hands the rest to the module that does it."""

import importlib.util

import pytest

from editor.cli import train


def test_alone_it_says_what_there_is(call) -> None:
    said = call("train")
    assert said.code == 0
    assert [line.split(":")[0] for line in said.out.splitlines()] == [
        f"train {name}" for name in train.TRAININGS
    ]
    assert call("train", "--json").json["trainings"].keys() == train.TRAININGS.keys()


def test_something_else_is_refused_in_a_sentence(call) -> None:
    said = call("train", "everything", "--json")
    assert said.code == 2
    assert said.complaint.startswith('There is no training "everything"; there are: pocket')


@pytest.mark.parametrize("name", train.TRAININGS)
def test_each_is_a_module_and_gets_its_arguments(call, monkeypatch, name: str) -> None:
    told = []
    monkeypatch.setattr(
        train, "run_module", lambda module, arguments: told.append((module, arguments)) or 5
    )
    assert call("train", name, "--json", "--seed", "3").code == 5
    ((module, arguments),) = told
    assert importlib.util.find_spec(module) is not None
    assert arguments == [*train.TRAININGS[name].always, "--json", "--seed", "3"]
