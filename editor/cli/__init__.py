"""The command line: what the window can do, without one, through the same rooms.

Results go to stdout, everything else to stderr; 0 is done, 1 not done, 2 wrong usage. A verb is a
file of this room. Importing the room itself costs nothing, because the window's start does it too.
"""

VERBS = (
    "generate", "convert", "info", "models", "doctor",
    "regenerate", "refresh", "sheet", "train", "evaluate",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run one verb with its arguments and return the exit code."""
    from editor.cli.run import run

    return run(arguments)
