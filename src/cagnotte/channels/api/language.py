"""Which of our languages a caller reads best, by Accept-Language (RFC 9110, section 12.5.4)."""

import re
from typing import Literal

type Language = Literal["en", "fr"]

_RANGE = re.compile(r"\s*(\*|[A-Za-z]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def preferred_language(accept_language: str | None) -> Language:
    """The language of highest weight, the first named on a tie; English where neither is wanted."""
    best: Language = "en"
    best_weight = 0.0
    for part in (accept_language or "").split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            continue
        weight = float(found[2]) if found[2] else 1.0
        language = _ours(found[1].lower())
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _ours(tag: str) -> Language | None:
    match tag:
        case "fr":
            return "fr"
        case "en" | "*":
            return "en"
        case _:
            return None
