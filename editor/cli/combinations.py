"""Which options go with which task of `generate`; all that can be known before a file is read."""

import argparse
from typing import Final

from editor.cli.output import UsageError
from generator.request import NEEDS, Role, Task

PICTURES: Final = ("background", "image", "foreground", "blended")  # bottom first
TAKES: Final[dict[Task, tuple[str, ...]]] = {
    task: tuple(role.value for role in roles if role is not Role.MASK)
    for task, roles in NEEDS.items()
} | {Task.SHADOW: ("foreground", "background", "blended")}

# The tasks that an option has a meaning for; all others have one for every task.
ONLY: Final[dict[str, frozenset[Task]]] = {
    "mask": frozenset({Task.REPAINT}),
    "strength": frozenset({Task.VARY, Task.REPAINT, Task.UPSCALE}),
    "scale": frozenset({Task.UPSCALE}),
    "foreground_prompt": frozenset({Task.TOGETHER, Task.FOREGROUND}),
    "background_prompt": frozenset({Task.TOGETHER, Task.BACKGROUND}),
    **dict.fromkeys(
        ("direction", "length", "softness", "contact", "opacity"), frozenset({Task.SHADOW})
    ),
}
MODEL_ONLY: Final = ("control", "style", "lora", "weight", "stop_at", "steps", "guidance")


def check_combination(options: argparse.Namespace) -> None:
    """Raise `UsageError` about options that do not go together."""
    _check_pictures(options)
    for name, tasks in ONLY.items():
        if getattr(options, name) is not None and options.task not in tasks:
            raise UsageError(
                f"{_option(name)} has no meaning for the task {options.task}; "
                f"it is for {_listed(sorted(tasks))}."
            )
    if options.task is Task.SHADOW:
        for name in MODEL_ONLY:
            if getattr(options, name) is not None:
                raise UsageError(f"{_option(name)} has no meaning for a shadow: no model makes it.")
        if options.count != 1:
            raise UsageError("A shadow has no variants: leave --count out.")
    _check_place(options)


def _check_pictures(options: argparse.Namespace) -> None:
    takes = TAKES[options.task]
    for name in PICTURES:
        if getattr(options, name) is not None and name not in takes:
            hint = f"it takes {_listed([_option(each) for each in takes])}" if takes else (
                "it is made from words alone"
            )  # fmt: skip
            raise UsageError(f"{_option(name)} does not go with the task {options.task}; {hint}.")
    if options.on is not None:
        if options.image is not None:
            raise UsageError("With --on, name the layer by --layer instead of giving --image.")
        return
    for role in NEEDS[options.task]:
        if getattr(options, role.value) is None:
            raise UsageError(
                f"The task {options.task} needs {_option(role.value)} FILE, or --on FILE."
            )


def _check_place(options: argparse.Namespace) -> None:
    if options.layer is not None and options.on is None:
        raise UsageError("--layer names a layer of the document given by --on.")
    if options.box is not None and options.box.is_empty:
        raise UsageError("The box has no pixels.")
    if options.box is not None and options.size is not None and options.on is not None:
        raise UsageError("With --on, give --box or --size: the box has a size already.")
    has_picture = any(getattr(options, name) is not None for name in PICTURES)
    if options.size is not None and options.on is None and has_picture:
        raise UsageError("--size is for what is made from words: a picture has a size already.")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
