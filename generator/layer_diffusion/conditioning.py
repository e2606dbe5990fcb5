"""Text to what the denoiser attends to, and the words that it has never seen."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import CLIPTextModel, PreTrainedTokenizerFast


class TextConditioner:
    """A tokenizer and its text encoder."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, encoder: CLIPTextModel) -> None:
        self.tokenizer = tokenizer
        self.encoder = encoder

    def conditioning(self, texts: list[str], device: torch.device) -> Tensor:
        """(texts, words, width): the last hidden state of each text, at the full length."""
        words = self.tokenizer(
            texts,
            padding="max_length",
            max_length=self.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        )
        states: Tensor = self.encoder(input_ids=words.input_ids.to(device)).last_hidden_state
        return states

    def unknown_words(self, prompt: str) -> tuple[str, ...]:
        """The words of a prompt, as typed, that stand for nothing in this model's vocabulary.

        Always empty for a tokenizer that spells unknown words out of pieces.
        """
        unknown = self.tokenizer.unk_token_id
        if unknown is None:
            return ()
        encoded: Any = self.tokenizer(  # Any: a BatchEncoding, whose types are not published
            prompt, add_special_tokens=False, return_offsets_mapping=True
        )
        pairs = zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
        found = [
            prompt[start:end].strip(" .,!?;:")
            for number, (start, end) in pairs
            if number == unknown
        ]
        return tuple(dict.fromkeys(word for word in found if word))
