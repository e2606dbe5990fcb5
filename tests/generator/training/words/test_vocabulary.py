import numpy as np
import pytest

from generator.training.words.captions import caption, subjects
from generator.training.words.vocabulary import MAX_WORDS, build_tokenizer


def words_of(prompt: str) -> list[str]:
    tokenizer = build_tokenizer()
    return list(tokenizer.convert_ids_to_tokens(tokenizer(prompt)["input_ids"])[1:-1])


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("A shiny CRIMSON apple!", "a shiny red apple"),
        ("two crystal balls", "<unk> glass ball"),
        ("grey feathers", "gray feather"),
        ("light blue car", "cyan car"),
        ("soccer balls", "football"),
        ("a glass of red wine", "a glass of red wine"),
        ("water drops", "drop"),
    ],
)
def test_wordings_fold_to_what_was_learned(prompt: str, words: str) -> None:
    assert " ".join(words_of(prompt)) == words


def test_no_caption_holds_an_unknown_word_or_is_cut() -> None:
    rng = np.random.default_rng(1)
    tokenizer = build_tokenizer()
    for subject in subjects():
        numbers = tokenizer(caption(subject, rng))["input_ids"]
        assert tokenizer.unk_token_id not in numbers
        assert len(numbers) <= MAX_WORDS
