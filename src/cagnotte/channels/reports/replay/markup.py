"""Pieces of HTML: escaped texts, tables with figures aligned, bars inside cells."""

from collections.abc import Iterable, Sequence
from html import escape

import msgspec

from cagnotte.analytics.replay import Report
from cagnotte.analytics.replay.figures import Measured
from cagnotte.channels.wording import Speech
from cagnotte.channels.wording.replay_words import share_of, signed, written


class Reader(msgspec.Struct, frozen=True):
    """Who the page is for: the language and the currency in which figures are written."""

    report: Report
    speech: Speech

    def say(self, sentence: str, **values: object) -> str:
        """The sentence as HTML."""
        return escape(self.speech.say(sentence, **values))

    def figure(self, value: int, *, is_money: bool = False) -> str:
        return escape(written(value, self.report, self.speech, is_money=is_money))

    def change(self, measured: Measured, *, is_money: bool = False) -> str:
        """The difference with its sign and its share; points by their direction, since money has two sides."""
        kind = "up" if measured.difference > 0 else "down" if measured.difference < 0 else "level"
        kind = "money" if is_money and measured.difference else kind
        said = signed(measured.difference, self.report, self.speech, is_money=is_money)
        share = share_of(measured, self.speech)
        shown = f' <small class="share">{escape(share)}</small>' if share else ""
        return f'<span class="change {kind}">{escape(said)}{shown}</span>'


class Column(msgspec.Struct, frozen=True):
    """A heading as HTML; `is_figure`: aligned to the right."""

    heading: str
    is_figure: bool = True


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Cells are HTML; the first of each row is its heading. It scrolls sideways on a narrow screen."""
    kinds = [' class="figure"' if column.is_figure else "" for column in columns]
    head = "".join(
        f'<th scope="col"{kind}>{column.heading}</th>' for kind, column in zip(kinds, columns, strict=True)
    )
    body = "".join(_row(cells, kinds) for cells in rows)
    told = f"<caption>{caption}</caption>" if caption else ""
    return f'<div class="scroll"><table>{told}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def section(title: str, *content: str, lead: str = "") -> str:
    told = f'<p class="lead">{lead}</p>' if lead else ""
    return f"<section><h2>{title}</h2>{told}{''.join(content)}</section>"


def details(summary: str, content: str) -> str:
    return f"<details><summary>{summary}</summary>{content}</details>"


def bars(measured: Measured, largest: int) -> str:
    """Two bars, the current programme's above the draft's, as shares of the largest figure of their table."""
    widths = [_width(value, largest) for value in (measured.current, measured.draft)]
    return (
        f'<span class="bars" aria-hidden="true"><i class="current" style="width:{widths[0]}%"></i>'
        f'<i class="draft" style="width:{widths[1]}%"></i></span>'
    )


def _row(cells: Sequence[str], kinds: Sequence[str]) -> str:
    first = f'<th scope="row">{cells[0]}</th>'
    others = "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds[1:], cells[1:], strict=True))
    return f"<tr>{first}{others}</tr>"


def _width(value: int, largest: int) -> str:
    return f"{100 * max(value, 0) / largest:.1f}" if largest > 0 else "0"
