import numpy as np
import pytest

from generator.training.drawing.things import COLOURS
from generator.training.words.captions import (
    FILLERS,
    caption,
    phrase,
    subjects,
    thing_named,
)
from generator.training.words.free_prompts import FREE_PROMPTS
from generator.training.words.order import ORDER
from generator.training.words.scene_captions import scene_words
from generator.training.words.vocabulary import MAX_WORDS, SPECIAL, build_tokenizer, words_of_scenes


def words_of(prompt: str) -> list[str]:
    tokenizer = build_tokenizer()
    return list(tokenizer.convert_ids_to_tokens(tokenizer(prompt)["input_ids"])[1:-1])


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("A shiny CRIMSON apple!", "a shiny red apple"),
        ("two crystal balls", "two glass ball"),
        ("grey feathers", "gray feather"),
        ("light blue car", "cyan car"),
        ("soccer balls", "football"),
        ("a glass of red wine", "a glass of red wine"),
        ("water drops", "drop"),
        ("an emerald couch", "an green sofa"),
        ("a guy in a scarlet sweater", "a man red"),
        ("a little sailing boat in blue", "a little boat blue"),
        ("an apple in a white room", "an apple in a white room"),
        ("the capital letter A", "the letter_a"),
        ("a chrome sphere", "a mirror ball"),
        ("soap bubbles", "bubbles"),
        ("a pair of steel hearts", "two metal heart"),
        ("a glass of cold orange juice", "a glass of <unk> orange drink"),
    ],
)
def test_wordings_fold_to_what_was_learned(prompt: str, words: str) -> None:
    assert " ".join(words_of(prompt)) == words


def test_no_caption_holds_an_unknown_word_but_fillers_or_is_cut() -> None:
    rng = np.random.default_rng(1)
    tokenizer = build_tokenizer()
    for subject in subjects():
        text = caption(subject, rng)
        numbers = tokenizer(text)["input_ids"]
        fillers = sum(word in FILLERS for word in text.split())
        assert numbers.count(tokenizer.unk_token_id) == fillers, text
        assert len(numbers) <= MAX_WORDS


def test_no_two_subjects_are_called_the_same() -> None:
    tokenizer = build_tokenizer()
    said = [tuple(tokenizer(phrase(subject))["input_ids"]) for subject in subjects()]
    assert len(said) == len(set(said))


def test_every_word_has_one_row_and_those_of_scenes_lie_together() -> None:
    assert len(ORDER) == len(set(ORDER))
    first, end = words_of_scenes()
    of_scenes = set((*SPECIAL, *ORDER)[first:end])
    assert of_scenes <= set(scene_words())
    assert not of_scenes & {word for subject in subjects() for word in phrase(subject).split()}


def test_free_prompts_ask_for_what_can_be_drawn() -> None:
    assert len({prompt for prompt, _, _ in FREE_PROMPTS}) == 50
    names = {subject.name for subject in subjects()}
    for prompt, thing, colour in FREE_PROMPTS:
        assert thing in names, prompt
        assert colour is None or colour in COLOURS, prompt
        known = thing_named(thing)
        assert colour is None or (known is not None and known.colourable), prompt
