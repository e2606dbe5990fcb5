from collections.abc import Callable
from typing import Any

from editor.works import Done, Failed, Newest, Work, Works


class Slow:
    """Does nothing until it is told to."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], None]] = []

    def run(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        def finish() -> None:
            try:
                result = work()
            except ValueError as error:
                assert failed is not None
                failed(error)
            else:
                done(result)

        self.asked.append(finish)

    def finish(self) -> None:
        self.asked.pop(0)()


def begin(works: Works, name: str, taken: list[Any]) -> Callable[[], None]:
    def take(result: object) -> None:
        taken.append(result)
        works.end()

    return lambda: works.run(name, lambda: name, take, taken.append)


def test_each_has_its_turn() -> None:
    slow, labels, taken = Slow(), [], []
    works = Works(slow, labels.append)
    for name in ("first", "second"):
        works.take_turn(begin(works, name, taken))
    works.take_turn(lambda: taken.append("between"))
    assert (works.label, len(slow.asked)) == ("first", 1)
    slow.finish()
    assert (taken, works.label) == (["first"], "second")
    slow.finish()
    assert taken == ["first", "second", "between"]
    assert not works.is_busy
    assert labels == ["first", "", "second", ""]


def test_what_is_given_up_reaches_nobody() -> None:
    slow, taken = Slow(), []
    works = Works(slow, lambda _: None)
    for name in ("first", "second"):
        works.take_turn(begin(works, name, taken))
    late = works.unless_given_up(lambda: taken.append("late"))
    works.give_up()
    assert not works.is_busy
    works.take_turn(begin(works, "third", taken))
    slow.finish()
    late()
    assert taken == []
    slow.finish()
    assert taken == ["third"]


def test_of_what_follows_the_pointer_only_the_newest_is_worked_out() -> None:
    slow, taken = Slow(), []
    newest = Newest(slow)
    for number in range(4):
        newest.ask(lambda number=number: number, taken.append, taken.append)
    slow.finish()
    assert (taken, newest.is_busy) == ([0], True)
    slow.finish()
    assert (taken, newest.is_busy) == ([0, 3], False)
    newest.ask(lambda: 4, taken.append, taken.append)
    newest.forget()
    newest.ask(lambda: 5, taken.append, taken.append)
    while slow.asked:
        slow.finish()
    assert taken == [0, 3, 5]
