"""`evaluate`: measures a model in a process of its own, for it needs torch.

What it takes stands in its own `--help`; nothing is read or changed on the way to it.
"""

from editor.cli.module import run_module

MODULE = "generator.training.evaluation"


def run(arguments: list[str]) -> int:
    """Hand the arguments on and return the exit code."""
    return run_module(MODULE, arguments)
