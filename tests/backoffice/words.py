"""The rich programme, and any other, as its sentences."""

from __future__ import annotations

from pathlib import Path

from cagnotte.application.published import parsed
from cagnotte.channels.backoffice.programme_words import Item, in_sentences

RICH = (Path(__file__).parent / "rich_programme.toml").read_text(encoding="utf-8")


def told(text: str = RICH) -> dict[tuple[str, str], Item]:
    """(section, name) -> item."""
    return {(section.key, item.name): item for section in in_sentences(parsed(text)) for item in section.items}


def plain(text: str) -> str:
    return " ".join(text.split())


def sentence(section: str, name: str, text: str = RICH) -> str:
    return plain(told(text)[section, name].sentence)
