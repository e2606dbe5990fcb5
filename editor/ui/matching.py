"""How well a few typed letters fit the name of something. Knows nothing of widgets."""

NO_WORDS = 0


def rank(typed: str, name: str, place: str = "") -> int | None:
    """Return how far a name is from what was typed, smaller is nearer; None where it does not fit.

    Each word typed must be found: best at the beginning of the name, then of one of its words, as
    its initials, inside it, in `place` (where the name stands), last as letters in their order.
    """
    total = NO_WORDS
    for word in typed.casefold().split():
        found = _rank_word(word, name.casefold(), place.casefold())
        if found is None:
            return None
        total += found
    return total


def _rank_word(word: str, name: str, place: str) -> int | None:
    parts = name.split()
    tests = (
        name.startswith(word),
        any(part.startswith(word) for part in parts),
        len(word) > 1 and "".join(part[0] for part in parts).startswith(word),
        word in name,
        any(part.startswith(word) for part in place.split()),
        len(word) > 1 and _in_order(word, name),
    )
    return next((at for at, holds in enumerate(tests) if holds), None)


def _in_order(word: str, name: str) -> bool:
    """Whether all letters stand in the name in this order, the first at the start of a word."""
    starts = [at for at, letter in enumerate(f" {name}") if letter == " "]
    for start in starts:
        rest = iter(name[start:])
        if name[start : start + 1] == word[0] and all(letter in rest for letter in word):
            return True
    return False
