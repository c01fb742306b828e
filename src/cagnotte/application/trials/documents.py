"""The programme of a case: the document that is tested with the case's own tables, checked as any other."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import tomlkit

from cagnotte.application.published import parsed
from cagnotte.application.trials.unfolding import EXTENDS, laid_over
from cagnotte.domain.programme.document import Programme

ALONE: dict[str, Any] = {
    "programme": {"code": "case", "currency": "EUR", "timezone": "Europe/Paris"},
    "wallets": {"points": {}},
}
"""What a case that stands alone need not say."""
_CODED = ("earn", "offers", "conversions", "achievements", "messages", "goals", "tiers")
_DATES = frozenset({"begins", "ends", "from", "until", "days", "except"})


def document_for(base: Mapping[str, Any], changes: Mapping[str, Any] | None) -> str:
    """The text of the programme of a case: `base` with the case's tables; `extends: false` leaves it aside.

    A rule, offer or other table of a list that has no code is called after its table and number: earn-1.
    """
    tables = dict(changes or {})
    alone = tables.pop(EXTENDS, True) is False
    whole = laid_over(ALONE if alone else base, tables)
    return tomlkit.dumps(_as_toml({name: _coded(name, table) for name, table in whole.items()}))


@lru_cache(maxsize=512)
def programme_for(document: str) -> Programme:
    """Raises ProgrammeError with every fault."""
    return parsed(document)


def _coded(name: str, table: Any) -> Any:
    if name not in _CODED or not isinstance(table, list):
        return table
    return [
        {"code": f"{name.rstrip('s')}-{number}"} | each if isinstance(each, dict) else each
        for number, each in enumerate(table, 1)
    ]


def _as_toml(value: Any, key: str = "") -> Any:
    """The value without nulls; a date or time that is written as a text, where a date is due, is one."""
    if isinstance(value, dict):
        return {name: _as_toml(each, name) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_as_toml(each, key) for each in value if each is not None]
    if isinstance(value, str) and key in _DATES:
        return _dated(value)
    return value


def _dated(text: str) -> str | date | datetime:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return text
