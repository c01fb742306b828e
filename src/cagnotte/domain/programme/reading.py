"""Typed reading of a parsed TOML document: each method gives a value and notes a fault when there is none.

A reading never stops at a fault: it goes on with a harmless value, so that one run shows everything.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.faults import ProgrammeFault
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.positions import Path, Span, end_in_string, offset_in_string, spans_of
from cagnotte.domain.rules import INT, Rule, RuleError, RuleFault, Type, compile_rule

LARGEST_NUMBER = 2**53 - 1  # every JSON reader holds it exactly
_LONGEST_PERIOD_DAYS = 36_525
_LISTED = 12  # more known values than this are not all named in a message
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_PERIOD = re.compile(r"([1-9][0-9]{0,5}) (days?|months?)")
_KINDS = {str: "text", int: "whole_number", dict: "table", list: "list", bool: "true_or_false"}


class Reading:
    """One text being read, its places, and the faults found so far."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self.text = text
        self.values = values
        self.spans = spans_of(text)
        self.faults: list[ProgrammeFault] = []

    def root(self, known: Sequence[str]) -> "Table":
        root = Table(self, (), dict(self.values))
        root.only(*known)
        return root

    def span(self, path: Path) -> Span:
        """Where a path stands; for a table without a header of its own, where its first key stands."""
        if path in self.spans:
            return self.spans[path]
        below = [span for known, span in self.spans.items() if known[: len(path)] == path]
        return min(below, key=lambda span: span.start, default=Span(0, 1, 0, 1))


class Table:
    """One table of the document, read by name."""

    def __init__(self, reading: Reading, path: Path, values: dict[str, Any], *, absent: bool = False) -> None:
        self.reading = reading
        self.path = path
        self.values = values
        self.absent = absent  # a missing table was already reported: what it lacks is not

    def fault(self, code: str, at: str | None = None, /, *, on_key: bool = False, **params: str) -> None:
        """Note a fault at the table itself, or at one of its names (at the table when the name is missing)."""
        path = self.path if at is None else (*self.path, at)
        known = at is None or at in self.values
        span = self.reading.span(path if known else self.path)
        start, end = (span.key_start, span.key_end) if on_key else (span.start, span.end)
        self.reading.faults.append(ProgrammeFault(code, path, start, max(end, start + 1), params))

    def only(self, *known: str) -> None:
        for name in self.values:
            if name not in known:
                params = {"name": name, "known": ", ".join(known), **_suggested(name, known)}
                self.fault(Code.UNKNOWN_NAME, name, on_key=True, **params)

    def table(self, name: str, known: Sequence[str], *, optional: bool = False) -> "Table":
        value = self._get(name, dict, optional=optional)
        table = Table(self.reading, (*self.path, name), value or {}, absent=value is None)
        table.only(*known)
        return table

    def named_tables(self, name: str) -> dict[str, "Table"]:
        found = self._get(name, dict, optional=True) or {}
        path = (*self.path, name)
        outer = Table(self.reading, path, found)
        return {
            key: Table(self.reading, (*path, key), value)
            for key, value in found.items()
            if outer.is_kind(key, value, dict)
        }

    def tables(self, name: str) -> list["Table"]:
        found = self._get(name, list, optional=True) or []
        path = (*self.path, name)
        rows = [(number, value) for number, value in enumerate(found) if isinstance(value, dict)]
        if len(rows) != len(found):
            self.fault(Code.WRONG_TYPE, name, name=name, expected="table", found="list")
        return [Table(self.reading, (*path, number), value) for number, value in rows]

    def text(self, name: str, *, optional: bool = False) -> str:
        value = self._get(name, str, optional=optional)
        if value is not None and not value.strip():
            self.fault(Code.EMPTY, name, name=name)
            return ""
        return value or ""

    def code(self) -> str:
        code = self.text("code")
        if code:
            self._check_code_text(code, "code")
        return code

    def check_code(self, code: str) -> None:
        """The table's own name is a code, as in [wallets.CODE]."""
        self._check_code_text(code, None)

    def name(self) -> dict[str, str]:
        """What people read: one text for all languages, or a table of language code -> text."""
        value = self.values.get("name")
        if value is None:
            return {}
        if isinstance(value, str):
            return {"en": value, "fr": value}
        if not isinstance(value, dict):
            self.fault(Code.WRONG_TYPE, "name", name="name", expected="text", found=_kind(value))
            return {}
        names = Table(self.reading, (*self.path, "name"), value)
        return {language: text for language, text in value.items() if names.is_kind(language, text, str)}

    def choice(
        self, name: str, known: Sequence[str], *, code: str = Code.UNKNOWN_CHOICE, optional: bool = False
    ) -> str:
        value = self.text(name, optional=optional)
        if value and value not in known:
            listed = ", ".join(known) if len(known) <= _LISTED else ""
            params = {"name": name, "found": value, "known": listed, **_suggested(value, known)}
            self.fault(code, name, on_key=False, **params)
        return value

    def currency(self, name: str) -> str:
        return self.choice(name, list(DECIMALS), code=Code.UNKNOWN_CURRENCY)

    def integer(self, name: str, *, positive: bool = True, optional: bool = False) -> int:
        value = self._get(name, int, optional=optional)
        if value is None:
            return 1
        if positive and value < 1:
            self.fault(Code.MUST_BE_POSITIVE, name, name=name, found=str(value))
        elif value < 0:
            self.fault(Code.MUST_NOT_BE_NEGATIVE, name, name=name, found=str(value))
        if value > LARGEST_NUMBER:
            self.fault(Code.NUMBER_TOO_LARGE, name, name=name, most=str(LARGEST_NUMBER))
        return int(value)

    def period(self, name: str, *, optional: bool = False) -> Period | None:
        text = self.text(name, optional=optional)
        if not text:
            return None
        found = _PERIOD.fullmatch(text)
        period = Period(int(found[1]), PeriodUnit(found[2].rstrip("s") + "s")) if found else None
        if period is None or _days(period) > _LONGEST_PERIOD_DAYS:
            self.fault(Code.BAD_PERIOD, name, name=name, found=text)
            return None
        return period

    def rule(self, name: str, *, gives: Type, scope: Mapping[str, Type], optional: bool = False) -> Rule | None:
        """The compiled rule, or None when it is absent or faulty; each of its faults is noted at its place.

        A plain whole number is a rule too.
        """
        value = self.values.get(name)
        source = str(value) if type(value) is int else self.text(name, optional=optional)
        if not source:
            return None
        try:
            return compile_rule(source, gives=gives, scope=scope)
        except RuleError as error:
            for fault in error.faults:
                self._rule_fault(name, fault)
            return None

    def _rule_fault(self, name: str, fault: RuleFault) -> None:
        path = (*self.path, name)
        span = self.reading.span(path)
        start, end = span.start, span.end
        if isinstance(self.values[name], str):
            start = offset_in_string(self.reading.text, span, fault.start)
            end = end_in_string(self.reading.text, span, fault.end)
        place = (start, max(end, start + 1))
        self.reading.faults.append(ProgrammeFault(f"rule.{fault.code}", path, *place, fault.params))

    def has_fault(self, name: str) -> bool:
        """Whether a fault was noted at one of the table's names, or below it."""
        path = (*self.path, name)
        return any(fault.path[: len(path)] == path for fault in self.reading.faults)

    def is_kind(self, name: str, value: object, kind: type) -> bool:
        """Whether the value has that type; a fault when not. true and false are not numbers."""
        right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if not right:
            self.fault(Code.WRONG_TYPE, name, name=name, expected=_KINDS[kind], found=_kind(value))
        return right

    def _get(self, name: str, kind: type, *, optional: bool) -> Any:
        if name not in self.values:
            if not optional and not self.absent:
                self.fault(Code.MISSING, name, name=name)
            return None
        value = self.values[name]
        return value if self.is_kind(name, value, kind) else None

    def _check_code_text(self, code: str, name: str | None) -> None:
        if _CODE.fullmatch(code) is None:
            self.fault(Code.BAD_CODE, name, found=code, on_key=name is None)


NOTHING = compile_rule("0", gives=INT, scope={})  # to go on with where a rule was faulty


def _days(period: Period) -> int:
    return period.count if period.unit is PeriodUnit.DAYS else period.count * 31


def _kind(value: object) -> str:
    return _KINDS.get(type(value), type(value).__name__)


def _suggested(name: str, known: Sequence[str]) -> dict[str, str]:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6) or [
        full for full in known if name and name.lower() in full.lower()
    ]
    return {"suggestion": near[0]} if near else {}
