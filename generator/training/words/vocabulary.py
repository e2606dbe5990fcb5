"""The word-level tokenizer: lower case, synonyms folded, one id for every word of the captions.

The synonym table is written into the tokenizer itself (its normalizer), so the application needs no
code of its own for it.
"""

from __future__ import annotations

from tokenizers import Regex, Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

from generator.training.drawing.places import PLACES
from generator.training.drawing.shapes import LETTERS
from generator.training.drawing.things import COLOURS, THINGS
from generator.training.words.captions import subjects
from generator.training.words.order import ORDER
from generator.training.words.synonyms import CLOTHES, SYNONYMS

MAX_WORDS = 16
# Not 2 for the end: transformers treats an end id of 2 as "take the largest id" (old CLIP files).
SPECIAL = ("<pad>", "<unk>", "<start>", "<end>")


def words_of_scenes() -> tuple[int, int]:
    """First id and end of the ids that only scenes use: single objects are taught all others."""
    first = len(SPECIAL) + ORDER.index("above")
    return first, len(SPECIAL) + ORDER.index("traced") + 1


def build_tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer of the pocket model; the same every time."""
    ids = {token: number for number, token in enumerate((*SPECIAL, *ORDER))}
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
    steps += [normalizers.Replace(Regex(pattern), word) for pattern, word in _clothed()]
    # A letter is one word: "a" alone is the article.
    steps += [
        normalizers.Replace(Regex(rf"\bletter {name}\b"), f"letter_{name}") for name in LETTERS
    ]
    steps.append(normalizers.Replace(Regex(r"\s+"), " "))
    steps.append(normalizers.Strip())
    return normalizers.Sequence(steps)


def _clothed() -> list[tuple[str, str]]:
    """What is worn in a colour, or is in a colour at the end, is of that colour."""
    worn = "|".join(CLOTHES)
    found = []
    for colour in COLOURS:
        found.append((rf"\b(?:in|with|wearing) (?:an? )?{colour} (?:{worn})\b", colour))
        found.append((rf"\bin {colour}$", colour))
    return found
