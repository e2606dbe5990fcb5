"""A parser of arguments that says what is wrong in one sentence."""

from __future__ import annotations

import argparse
from typing import NoReturn

from generator.training.adapting.assets import bad


class Parser(argparse.ArgumentParser):
    """Raises `GenerationError` instead of printing the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong."""
        raise bad(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")
