"""Recipes as JSON: the same text in project files, PSD metadata and PNG chunks."""

import logging

import msgspec

from editor.document.recipe import Recipe

log = logging.getLogger(__name__)


def recipe_to_json(recipe: Recipe) -> str:
    """Return one line of JSON."""
    return msgspec.json.encode(recipe).decode("utf-8")


def recipe_from_json(text: str | bytes) -> Recipe | None:
    """Return the recipe, or None where the text is none (files pass through other programs)."""
    try:
        return msgspec.json.decode(text, type=Recipe)
    except (msgspec.DecodeError, ValueError):
        log.info("text that should be a recipe is none")
        return None
