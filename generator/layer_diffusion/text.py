"""What a network reads of a prompt: the tokens that it attends to, and the pooled ones.

A reader is one text encoder, or several whose tokens stand side by side. What was read is kept, so
that the next job with the same words need not read them again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

KEPT = 64  # texts, of 0.1 MB each at half precision for SD 1.5 and 0.3 MB for SDXL


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Texts as a network reads them, one a row.

    `tokens` (n, L, c): SD 1.5's last hidden state, or SDXL's two penultimate ones side by side;
    L is 77 for each chunk of the longest text. `pooled` (n, p) is SDXL's; other families have none.
    """

    tokens: Tensor
    pooled: Tensor | None = None

    def repeated(self, rows: int) -> Words:
        """Repeat one text for so many rows."""
        pooled = self.pooled if self.pooled is None else self.pooled.expand(rows, -1)
        return Words(self.tokens.expand(rows, -1, -1), pooled)


def joined(words: Sequence[Words]) -> Words:
    """Put rows of the same length below each other."""
    pooled = [each.pooled for each in words if each.pooled is not None]
    return Words(torch.cat([each.tokens for each in words]), torch.cat(pooled) if pooled else None)


@dataclass(frozen=True, slots=True, eq=False)
class Tower:
    """A tokenizer and its text encoder, which are transformers' and not typed.

    `is_penultimate` takes the hidden state before the last layer, without the final norm.
    """

    tokenizer: Any
    encoder: Any
    is_penultimate: bool = False


@dataclass(slots=True, eq=False)
class TextReader:
    """The text encoders of one model.

    A text that is longer than the encoders can read is read in chunks whose tokens are joined, or
    is cut where the model knows no such (`is_chunked` False). With `ignores_empty`, an empty
    negative text is all zeros instead of what the encoders make of nothing, as SDXL was trained.
    """

    towers: tuple[Tower, ...]
    is_chunked: bool = True
    ignores_empty: bool = False
    _read: OrderedDict[tuple[str, bool, int], Words] = field(default_factory=OrderedDict)

    def chunks(self, texts: Sequence[str]) -> int:
        """Return how many chunks the longest of these texts takes, for any of the encoders."""
        if not self.is_chunked:
            return 1
        return max(_chunk_count(tower.tokenizer, text) for tower in self.towers for text in texts)

    def read(self, text: str, chunks: int = 1, *, is_negative: bool = False) -> Words:
        """Read one text, (1, L, c), padded to so many chunks."""
        key = (text, is_negative, chunks)
        if key not in self._read:
            self._read[key] = self._freshly_read(text, chunks, is_negative)
            if len(self._read) > KEPT:
                self._read.popitem(last=False)
        self._read.move_to_end(key)
        return self._read[key]

    def forget(self) -> None:
        """Drop what was read: the encoders, or the device, are others now."""
        self._read.clear()

    def unknown_words(self, prompt: str) -> tuple[str, ...]:
        """The words of a prompt, as typed, that stand for nothing in this model's vocabulary.

        Always empty for a tokenizer that spells unknown words out of pieces.
        """
        tokenizer = self.towers[0].tokenizer
        unknown = tokenizer.unk_token_id
        if unknown is None or unknown == tokenizer.eos_token_id:
            return ()
        encoded = tokenizer(prompt, add_special_tokens=False, return_offsets_mapping=True)
        pairs = zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
        found = [
            prompt[start:end].strip(" .,!?;:")
            for number, (start, end) in pairs
            if number == unknown
        ]
        return tuple(dict.fromkeys(word for word in found if word))

    @torch.inference_mode()
    def _freshly_read(self, text: str, chunks: int, is_negative: bool) -> Words:
        read = [_read_by(tower, text, chunks, self.is_chunked) for tower in self.towers]
        pooled = [one for _, one in read if one is not None]
        words = Words(torch.cat([tokens for tokens, _ in read], dim=-1), *pooled[-1:])
        if is_negative and self.ignores_empty and not text.strip():
            nothing = None if words.pooled is None else torch.zeros_like(words.pooled)
            return Words(torch.zeros_like(words.tokens), nothing)
        return words


def _read_by(
    tower: Tower, text: str, chunks: int, is_chunked: bool
) -> tuple[Tensor, Tensor | None]:
    """Read a text by one encoder: tokens (1, L, c), and pooled (1, p) of the first chunk."""
    rows = _rows(tower.tokenizer, text, chunks) if is_chunked else _cut(tower.tokenizer, text)
    device = next(tower.encoder.parameters()).device
    output = tower.encoder(
        input_ids=torch.tensor(rows, device=device), output_hidden_states=tower.is_penultimate
    )
    tokens = output.hidden_states[-2] if tower.is_penultimate else output.last_hidden_state
    pooled = getattr(output, "text_embeds", None)
    return tokens.flatten(0, 1)[None], None if pooled is None else pooled[:1]


def _cut(tokenizer: Any, text: str) -> list[list[int]]:
    encoded = tokenizer(
        [text], padding="max_length", max_length=tokenizer.model_max_length, truncation=True
    )
    rows: list[list[int]] = encoded["input_ids"]
    return rows


def _rows(tokenizer: Any, text: str, chunks: int) -> list[list[int]]:
    """Return each chunk's tokens between its start and its end, filled up with padding."""
    tokens = _tokens(tokenizer, text)
    inside = tokenizer.model_max_length - 2
    rows = []
    for start in range(0, chunks * inside, inside):
        part = tokens[start : start + inside]
        padding = [tokenizer.pad_token_id] * (inside - len(part))
        rows.append([tokenizer.bos_token_id, *part, tokenizer.eos_token_id, *padding])
    return rows


def _chunk_count(tokenizer: Any, text: str) -> int:
    inside: int = tokenizer.model_max_length - 2
    return max(1, -(-len(_tokens(tokenizer, text)) // inside))


def _tokens(tokenizer: Any, text: str) -> list[int]:
    # The tokenizer warns of texts that are too long for one row, which these rows are not.
    tokens: list[int] = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    return tokens
