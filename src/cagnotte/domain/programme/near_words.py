"""Which known word was probably meant by one that is not known."""

from collections.abc import Sequence
from difflib import get_close_matches

_LONGEST = 64  # a longer word is no near miss, and comparing it costs time


def suggested(name: str, known: Sequence[str]) -> dict[str, str]:
    """{"suggestion": the known word most like `name`}, or nothing."""
    if not name or len(name) > _LONGEST:
        return {}
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    near = near or [full for full in known if name.lower() in full.lower()]
    return {"suggestion": near[0]} if near else {}
