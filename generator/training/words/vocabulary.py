"""The word-level tokenizer: lower case, synonyms folded, one id for every word of the captions.

The synonym table is written into the tokenizer itself (its normalizer), so the application needs no
code of its own for it.
"""

from __future__ import annotations

import numpy as np
from tokenizers import Regex, Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

from generator.training.drawing.places import PLACES
from generator.training.drawing.things import COLOURS, THINGS
from generator.training.words.captions import (
    KINDS,
    MOODS,
    SIZES,
    SURROUNDS,
    SYNONYMS,
    caption,
    subjects,
)
from generator.training.words.scene_captions import scene_words

MAX_WORDS = 16
# Not 2 for the end: transformers treats an end id of 2 as "take the largest id" (old CLIP files).
SPECIAL = ("<pad>", "<unk>", "<start>", "<end>")


def words_of_things() -> int:
    """How many of the first ids belong to captions of single things, special ones included."""
    return len(SPECIAL) + len(_words())


def build_tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer of the pocket model; the same every time."""
    single = _words()
    # Behind the others, so that what was learned of those keeps its place.
    joining = [word for word in scene_words() if word not in single]
    ids = {token: number for number, token in enumerate((*SPECIAL, *single, *joining))}
    tokenizer = Tokenizer(WordLevel(ids, unk_token="<unk>"))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(
        single="<start> $A <end>",
        special_tokens=[("<start>", ids["<start>"]), ("<end>", ids["<end>"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=MAX_WORDS,
        pad_token="<pad>",
        unk_token="<unk>",
        bos_token="<start>",
        eos_token="<end>",
    )


def _words() -> list[str]:
    """Every word any caption can hold, sorted."""
    found = set(COLOURS) | set(SIZES) | set(MOODS) | set(KINDS) | {"a", "an", "the", "of", "wine"}
    for surround in SURROUNDS:
        found |= set(surround.split())
    rng = np.random.default_rng(0)
    for subject in subjects():
        found |= set(subject.name.split()) | set(caption(subject, rng).split())
    return sorted(found)


def _names() -> list[str]:
    return sorted({subject.name for subject in subjects()})


def _normalizer() -> normalizers.Normalizer:
    """Lower case, no punctuation, then synonyms and plurals to the learned word."""
    steps: list[normalizers.Normalizer] = [
        normalizers.NFKC(),
        normalizers.Lowercase(),
        normalizers.Replace(Regex(r"[^\p{L}\p{N}]+"), " "),
    ]
    folded = {other: word for word, others in SYNONYMS.items() for other in others}
    for thing in THINGS:
        folded.update(dict.fromkeys(thing.words[1:], thing.name))
    for place in PLACES:
        folded.update(dict.fromkeys(place.words[1:], place.name))
    folded.update({name: name for name in _names()})
    plurals = {f"{other}s": word for other, word in folded.items() if not other.endswith("s")}
    folded = {other: word for other, word in (plurals | folded).items() if other != word}
    for other in sorted(folded, key=lambda text: (-len(text), text)):
        steps.append(normalizers.Replace(Regex(rf"\b{other}\b"), folded[other]))
    steps.append(normalizers.Replace(Regex(r"\s+"), " "))
    steps.append(normalizers.Strip())
    return normalizers.Sequence(steps)
