"""The page says what was found, escapes what it is given, and fetches nothing."""

from html.parser import HTMLParser

import pytest
from PIL import Image

from generator.training.evaluation.findings import Figure, Section, Sheet, Table
from generator.training.evaluation.page import report_page, shown

VOID = {"meta", "img", "br", "link", "input"}


class Reader(HTMLParser):
    """Sees that every element that is opened is closed, and collects what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def section() -> Section:
    return Section(
        "generation",
        "Generation <b>",
        "Of 2 & more.",
        (
            Figure("held_out_thing", 0.8125, "right things", 0.7),
            Figure("alpha_mae", 0.04, "error", 0.03, False),
            Figure("frechet", 12.5, "no bar"),
        ),
        (Table("Each", ("pair", "layers"), (("<script>alert(1)</script>", 3),)),),
        (Sheet("held-out", "Pairs", Image.new("RGB", (8, 4))),),
    )


def test_figures_tables_and_sheets_are_there() -> None:
    reader = read(report_page("A model", ["weights 12ab"], [section()]))
    text = " ".join(reader.text)
    assert "1 of 2" in text
    for words in ("held out thing", "0.812", "at least 0.7", "reached", "missed", "12.5"):
        assert words in text
    assert reader.sources == ["held-out.png"]


def test_what_is_shown_is_never_read_as_html() -> None:
    page = report_page("A model", [], [section()])
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Generation &lt;b&gt;" in page


def test_both_colour_schemes_are_served() -> None:
    assert "color-scheme: light dark" in report_page("A model", [], [])


@pytest.mark.parametrize(
    ("value", "words"), [(3, "3"), (3.0, "3"), (0.01234, "0.0123"), (0.6251, "0.625"), ("x", "x")]
)
def test_numbers_are_short(value: float | str, words: str) -> None:
    assert shown(value) == words
