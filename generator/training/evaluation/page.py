"""One page of what was found: plain HTML beside its pictures, for light and dark, offline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from generator.training.evaluation.findings import Figure, Section, Sheet, Table

STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
p { max-width: 60rem; } .quiet { opacity: 0.7; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.5rem 0 1rem; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
.met { color: light-dark(#1a6b2f, #6fd08a); } .missed { color: light-dark(#a31621, #ff8f8f); }
figure { margin: 1rem 0; } img { max-width: 100%; height: auto; }
figcaption { font-size: 0.9em; opacity: 0.8; max-width: 60rem; }
"""


def document(title: str, body: str, more: str = "") -> str:
    """A whole page of our style around a body; `more` stands in its head."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n{more}</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def report_page(title: str, words: Sequence[str], sections: Sequence[Section]) -> str:
    """The page of an evaluation: what has a bar first, then every section."""
    parts = [f"<h1>{escape(title)}</h1>", *(f"<p>{escape(line)}</p>" for line in words)]
    barred = [(each, figure) for each in sections for figure in each.figures if figure.bar]
    if barred:
        met = sum(bool(figure.is_met) for _, figure in barred)
        parts.append(f"<p><strong>{met} of {len(barred)}</strong> figures reach their bars.</p>")
        rows = [(f"{each.title}: {figure.name}", figure) for each, figure in barred]
        parts.append(_figures(rows))
    for each in sections:
        parts.append(_section(each))
    return document(title, "\n".join(parts))


def shown(value: str | float) -> str:
    """A number as people read it: whole ones whole, others with three digits that count."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    return f"{value:.3g}"


def _section(section: Section) -> str:
    parts = [
        f'<h2 id="{escape(section.name)}">{escape(section.title)}</h2>',
        f"<p>{escape(section.words)}</p>",
    ]
    if section.figures:
        parts.append(_figures([(figure.name, figure) for figure in section.figures]))
    parts += [_table(table) for table in section.tables]
    parts += [_sheet(sheet) for sheet in section.sheets]
    return "\n".join(parts)


def _figures(named: Iterable[tuple[str, Figure]]) -> str:
    rows = []
    for name, figure in named:
        bar, verdict = "", ""
        if figure.bar is not None:
            bar = f"{'at least' if figure.is_at_least else 'at most'} {shown(figure.bar)}"
            style, word = ("met", "reached") if figure.is_met else ("missed", "missed")
            verdict = f'<span class="{style}">{word}</span>'
        rows.append(
            f'<tr><td>{escape(name.replace("_", " "))}</td><td class="number">'
            f"{shown(figure.value)}</td><td>{bar}</td><td>{verdict}</td>"
            f'<td class="quiet">{escape(figure.words)}</td></tr>'
        )
    return f'<div class="wide"><table>{"".join(rows)}</table></div>'


def _table(table: Table) -> str:
    heads = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    rows = "".join("<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in table.rows)
    words = f'<p class="quiet">{escape(table.words)}</p>' if table.words else ""
    return (
        f'<h3>{escape(table.title)}</h3>{words}<div class="wide"><table><thead><tr>{heads}</tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(value: str | float) -> str:
    style = "" if isinstance(value, str) else ' class="number"'
    return f"<td{style}>{escape(shown(value))}</td>"


def _sheet(sheet: Sheet) -> str:
    width, height = sheet.picture.size
    return (
        f'<figure><img src="{escape(sheet.name)}.png" width="{width}" height="{height}"'
        f' alt="{escape(sheet.words)}"><figcaption>{escape(sheet.words)}</figcaption></figure>'
    )
