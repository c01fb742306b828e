"""The programme's text with its parts marked, so that it can be read without an editor."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_PART = re.compile(
    r"""(?P<text>\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<comment>\#[^\n]*)"""
    r"""|(?P<table>^[ \t]*\[\[?[^\]\n]+\]\]?)"""
    r"""|(?P<key>[A-Za-z0-9_-]+(?=\s*=))""",
    re.DOTALL | re.MULTILINE,
)


def coloured(document: str) -> SafeString:
    """The TOML text, escaped, each string, comment, table heading and key in a span of that class."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for part in _PART.finditer(document):
        pieces += [("", document[end : part.start()]), (part.lastgroup or "", part[0])]
        end = part.end()
    pieces.append(("", document[end:]))
    return format_html_join("", "{}", ((_marked(kind, text),) for kind, text in pieces))


def _marked(kind: str, text: str) -> SafeString:
    return format_html('<span class="cg-{}">{}</span>', kind, text) if kind else format_html("{}", text)
