"""`train`: starts one of the trainings as a process of its own, for it needs torch.

What a training takes stands in its own `--help`; nothing is read or changed on the way to it.
"""

import argparse
from dataclasses import dataclass

from editor.cli.module import run_module
from editor.cli.output import UsageError, answer, answer_json


@dataclass(frozen=True, slots=True)
class Training:
    """What can be trained: in words, the module that does it, and what that is always told."""

    words: str
    module: str
    always: tuple[str, ...] = ()


TRAININGS = {
    "pocket": Training("the model in the box, stage by stage, from nothing", "generator.training"),
    "upscaler": Training(
        "the small network that enlarges layers",
        "generator.training",
        ("--stage", "upscaler"),
    ),
    "adapter": Training(
        "a LoRA from a folder of your own transparent pictures", "generator.training.adapting"
    ),
    "curate": Training(
        "pictures to choose from, and what was chosen as the next training set",
        "generator.training.curation",
    ),
}


def run(options: argparse.Namespace) -> int:
    """Run a training and return its exit code; without a name, say which there are."""
    match options.arguments:
        case []:
            _list(options.json)
            return 0
        case [name, *rest] if name in TRAININGS:
            chosen = TRAININGS[name]
            return run_module(chosen.module, [*chosen.always, *rest])
    raise UsageError(
        f'There is no training "{options.arguments[0]}"; there are: {", ".join(TRAININGS)}.'
    )


def _list(as_json: bool) -> None:
    if as_json:
        answer_json({"trainings": {name: each.words for name, each in TRAININGS.items()}})
    else:
        answer(f"train {name}: {each.words}" for name, each in TRAININGS.items())
