import json
from pathlib import Path

import numpy as np

from generator.training.drawing.places import PLACES
from generator.training.words.captions import FILLERS, HELD_OUT, thing_named
from generator.training.words.scene_captions import (
    STAGED,
    of_place,
    of_scene,
    of_thing,
    staged_subject,
)
from generator.training.words.vocabulary import build_tokenizer

SHIPPED = Path(__file__).parents[4] / "resources" / "models" / "pocket" / "tokenizer"


def test_what_is_staged_can_be_drawn_and_held_out_pairs_never_come() -> None:
    rng = np.random.default_rng(0)
    assert all(thing_named(name) is not None for name in STAGED)
    found = {(s.colour, s.name) for s in (staged_subject(rng) for _ in range(3000))}
    assert not found & HELD_OUT
    assert len(found) > 300


def test_no_caption_of_a_scene_has_an_unknown_word_or_is_cut_off() -> None:
    tokenizer, rng = build_tokenizer(), np.random.default_rng(1)
    for place in PLACES:
        for _ in range(30):
            subject = staged_subject(rng)
            for text in (
                of_thing(subject, rng),
                of_place(place, rng),
                of_scene(subject, place, rng),
            ):
                ids = tokenizer(text).input_ids
                fillers = sum(word in FILLERS for word in text.split())
                assert ids.count(tokenizer.unk_token_id) == fillers, text
                assert len(ids) <= tokenizer.model_max_length, text


def test_words_of_scenes_leave_the_shipped_words_where_they_are() -> None:
    shipped = json.loads((SHIPPED / "tokenizer.json").read_text())["model"]["vocab"]
    now = build_tokenizer().get_vocab()
    assert {word: now[word] for word in shipped} == shipped


def test_another_word_for_a_place_is_folded_to_its_name() -> None:
    tokenizer = build_tokenizer()
    assert (
        tokenizer("an apple at the seaside").input_ids
        == tokenizer("an apple at the beach").input_ids
    )
    assert tokenizer("city at night").input_ids == tokenizer("night city").input_ids
