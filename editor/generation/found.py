"""The pictures that a task needs and nobody named: found in the document from the active layers."""

import numpy as np

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import RGBA8
from editor.generation.asked import Asked, Given, made_together
from editor.generation.seen import UNMASKED, below, shown_leaves, up_to
from generator.request import NEEDS, ErrorKind, GenerationError, Role, Task


def found_pictures(
    document: Document, subjects: tuple[LayerId, ...], asked: Asked, box: Rect
) -> tuple[Given, ...]:
    """Return what was given and what else the task needs, as far as the document has it.

    Layers that are given as controls or styles are not seen as anything else. Raises
    `GenerationError` where it takes another choice of layers.
    """
    guides = {layer for each in asked.given if each.role in UNMASKED for layer in each.layers}
    subjects = tuple(each for each in subjects if each not in guides)
    found = list(asked.given)
    roles = {each.role for each in found}
    lacking = set(NEEDS[asked.task]) - roles - {Role.MASK}
    match asked.task:
        case Task.BACKGROUND if lacking:
            found.append(_subject(subjects, "Choose the layer that the background is for."))
        case Task.FOREGROUND if lacking:
            anchor = subjects[-1] if subjects else None
            leaves = tuple(shown_leaves(up_to(document, anchor), box))
            found.append(_backdrop(tuple(each for each in leaves if each not in guides)))
        case Task.EXTRACT if lacking:
            found += _background_and_blended(subjects)
        case Task.SHADOW:
            found += _for_shadow(document, subjects, roles, box)
        case Task.VARY | Task.REPAINT | Task.UPSCALE if lacking:
            found.append(Given(Role.IMAGE, subjects))
    return tuple(found)


def mask_in(document: Document, box: Rect) -> RGBA8:
    """Return the document's selection in a box as a picture (h, w, 4) whose alpha it is."""
    if document.selection is None:
        raise _bad("Select the region to repaint first.")
    mask = np.full((box.height, box.width, 4), 255, np.uint8)
    mask[..., 3] = document.selection.read(box)
    return mask


def _subject(subjects: tuple[LayerId, ...], else_say: str) -> Given:
    if not subjects:
        raise _bad(else_say)
    return Given(Role.FOREGROUND, subjects)


def _backdrop(leaves: tuple[LayerId, ...]) -> Given:
    if not leaves:
        raise _bad("There is nothing in the box that the model may see as the background.")
    return Given(Role.BACKGROUND, leaves)


def _background_and_blended(subjects: tuple[LayerId, ...]) -> tuple[Given, Given]:
    if len(subjects) != 2:
        raise _bad("Choose two layers: the background, and above it the same with the subject.")
    return Given(Role.BACKGROUND, subjects[:1]), Given(Role.BLENDED, subjects[1:])


def _for_shadow(
    document: Document, subjects: tuple[LayerId, ...], roles: set[Role], box: Rect
) -> list[Given]:
    found = []
    if Role.FOREGROUND not in roles:
        found.append(_subject(subjects, "Choose the layer that casts the shadow."))
    if Role.BACKGROUND not in roles and subjects:
        leaves = tuple(shown_leaves(below(document, subjects[0]), box))
        if leaves:
            found.append(Given(Role.BACKGROUND, leaves))
    if Role.BLENDED not in roles and len(subjects) == 1:
        found += _blended_with(document, subjects[0])
    return found


def _blended_with(document: Document, subject_id: LayerId) -> list[Given]:
    """Find the picture that was made with the subject, as long as it shows the subject as it is."""
    subject = document.find(subject_id)
    if not isinstance(subject, PixelLayer) or subject.recipe is None:
        return []
    if subject.rect != subject.recipe.content:
        return []
    for each in made_together(document, subject_id):
        if each.recipe is not None and each.recipe.role == Role.BLENDED:
            is_of_it = each.recipe.seed == subject.recipe.seed
            return [Given(Role.BLENDED, (each.id,))] if is_of_it else []
    return []


def _bad(sentence: str) -> GenerationError:
    return GenerationError(ErrorKind.BAD_REQUEST, sentence)
