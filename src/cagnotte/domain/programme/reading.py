"""Typed reading of a parsed TOML document: each method gives a value and notes a fault when there is none.

A reading never stops at a fault: it goes on with a harmless value, so that one run shows everything. A table
with a shape takes the keys of its shape, each as its kind; to read another key, or as another kind, is a defect.
"""

import re
from collections.abc import Sequence, Sized
from enum import StrEnum
from typing import Any

from msgspec import Struct

from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.programme import shapes
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.keyed import Keyed, called
from cagnotte.domain.programme.notes import Notes
from cagnotte.domain.programme.positions import Path
from cagnotte.domain.programme.shapes import (
    CODE_PATTERN,
    PERIOD_PATTERN,
    WORD_PATTERN,
    ByCode,
    Inner,
    InnerOrRows,
    InnerOrWord,
    Rows,
    Shape,
)
from cagnotte.domain.rules import INT, Rule, RuleError, Scope, Type, compile_rule, is_rule_name

LARGEST_NUMBER = 2**53 - 1  # every JSON reader holds it exactly
_LONGEST_PERIOD_DAYS = 36_525
_PERIOD = re.compile(PERIOD_PATTERN)


def document(notes: Notes, shape: Shape) -> "Table":
    """The document itself as a table of that shape."""
    return Table(notes, (), dict(notes.values), shape)


class Table(Keyed):
    """One table of the document, read by name. `absent`: it is not there, and reads as an empty one."""

    def __init__(self, notes: Notes, path: Path, values: dict[str, Any], shape: Shape | None = None) -> None:
        super().__init__(notes, path, values, shape)
        self.absent = False
        self._rows: dict[str, list[Table]] = {}
        self._named: dict[str, dict[str, Table]] = {}

    def table(self, name: str) -> "Table":
        """The inner table; an empty one when it is absent."""
        value = self._get(name, dict)
        shape = self._inner(name, Inner, InnerOrWord, InnerOrRows, shapes.ByName)
        inner = Table(self.notes, (*self.path, name), value or {}, shape if value is not None else None)
        inner.absent = value is None
        return inner

    def is_word(self, name: str) -> bool:
        """Whether a word stands where a table could; another than the right one is a fault."""
        kind = self._kind(name, InnerOrWord)
        if not isinstance(self.values.get(name), str):
            return False
        self._one_of(name, self.text(name), [kind.word] if kind else [], Code.UNKNOWN_CHOICE)
        return True

    def named_tables(self, name: str) -> dict[str, "Table"]:
        """The tables [name.CODE]; none when there are more than a document may have."""
        if name not in self._named:
            self._named[name] = self._read_named(name)
        return self._named[name]

    def tables(self, name: str) -> "list[Table]":
        """The tables [[name]]; none when there are more than a document may have."""
        if name not in self._rows:
            self._rows[name] = self._read_rows(name)
        return self._rows[name]

    def text(self, name: str) -> str:
        value = self._get(name, str)
        if value is not None and not value.strip():
            self.fault(Code.EMPTY, name, name=name)
            return ""
        return value or ""

    def matching(self, name: str, code: str) -> str:
        """A text of its key's pattern; "" and a fault of that code when it is another."""
        kind = self._kind(name, shapes.Text)
        text = self.text(name)
        if text and kind is not None and re.fullmatch(kind.pattern, text) is None:
            self.fault(code, name, found=text)
            return ""
        return text

    def code(self) -> str:
        code = self.text("code")
        if code and re.fullmatch(CODE_PATTERN, code) is None:
            self.fault(Code.BAD_CODE, "code", found=code)
        return code

    def name(self, key: str = "name") -> dict[str, str]:
        """What people read: one text for all languages, or a table of language code -> text."""
        self._kind(key, shapes.Named)
        value = self.values.get(key)
        if value is None:
            return {}
        if isinstance(value, str):
            return {"en": value, "fr": value}
        if not isinstance(value, dict):
            self.fault(Code.WRONG_TYPE, key, name=key, expected="text", found=called(value))
            return {}
        names = Table(self.notes, (*self.path, key), value)
        return {language: text for language, text in value.items() if names.is_kind(language, text, str)}

    def choice(self, name: str, known: Sequence[str], *, code: str = Code.UNKNOWN_CHOICE) -> str:
        kind = self._kind(name, shapes.Word, shapes.CodeOf)
        assert kind is None or list(kind.words) == list(known), (self.path, name)
        return self._one_of(name, self.text(name), known, code)

    def word[W: StrEnum](self, name: str, default: W) -> W:
        """One of the words of the default's own kind; the default when it is absent."""
        words = type(default)
        assert self.shape is None or self.shape.by_name[name].default == default.value, (self.path, name)
        value = self.choice(name, [each.value for each in words])
        return words(value) if value in set(words) else default

    def either(self, name: str, yes: str, no: str, *, default: bool) -> bool:
        """A choice between two words, as true (`yes`) or false."""
        assert self.shape is None or self.shape.by_name[name].default == (yes if default else no), (
            self.path,
            name,
        )
        value = self.choice(name, [yes, no])
        return value == yes if value else default

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._get(name, bool)
        assert self.shape is None or self.shape.by_name[name].default is default, (self.path, name)
        return default if value is None else bool(value)

    def value(self, name: str, kind: type[Struct]) -> Any:
        """What stands there, whatever it is; None when it is absent."""
        self._kind(name, kind)
        return self.values.get(name)

    def texts(self, name: str, kind: type[Struct]) -> tuple[str, ...]:
        """A list of texts, each once; empty when it is absent."""
        return tuple(dict.fromkeys(value for value in self.items(name, kind) if self.is_kind(name, value, str)))

    def items(self, name: str, kind: type[Struct]) -> list[Any]:
        """A list of anything; empty when it is absent."""
        self._kind(name, kind)
        return list(self._get(name, list) or [])

    def currency(self, name: str) -> str:
        return self.choice(name, list(DECIMALS), code=Code.UNKNOWN_CURRENCY)

    def integer(self, name: str) -> int:
        """A whole number of at least 1, or 0; that when it is absent. A shape says which of the two."""
        kind = self._kind(name, shapes.Whole, shapes.WholeOrWritten)
        least = 1 if kind is None else kind.least
        value = self._get(name, int)
        if value is None:
            return least
        if value < least:
            code = Code.MUST_BE_POSITIVE if least else Code.MUST_NOT_BE_NEGATIVE
            self.fault(code, name, name=name, found=str(value))
        if value > LARGEST_NUMBER:
            self.fault(Code.NUMBER_TOO_LARGE, name, name=name, most=str(LARGEST_NUMBER))
        return int(value)

    def period(self, name: str) -> Period | None:
        self._kind(name, shapes.Period)
        text = self.text(name)
        if not text:
            return None
        found = _PERIOD.fullmatch(text)
        period = Period(int(found[1]), PeriodUnit(found[2].rstrip("s") + "s")) if found else None
        if period is None or _days(period) > _LONGEST_PERIOD_DAYS:
            self.fault(Code.BAD_PERIOD, name, name=name, found=text)
            return None
        return period

    def rule(self, name: str, *, gives: Type, scope: Scope | None) -> Rule | None:
        """The compiled rule, or None when it is absent or faulty; each of its faults is noted at its place.

        A plain whole number is a rule too. Without a scope, which was faulty itself, the rule is not looked at.
        """
        self._kind(name, shapes.WholeOrWritten if gives == INT else shapes.Written)
        value = self.values.get(name)
        source = str(value) if type(value) is int else self.text(name)
        if not source or scope is None:
            return None
        try:
            rule = compile_rule(source, gives=gives, scope=scope)
        except RuleError as error:
            for fault in error.faults:
                self.fault_within(f"rule.{fault.code}", name, fault.start, fault.end, fault.params)
            return None
        self.notes.rules.append((self, name, rule))
        return rule

    def _one_of(self, name: str, value: str, known: Sequence[str], code: str) -> str:
        if value and value not in known:
            self.unknown(code, name, value, known)
        return value

    def _too_many(self, name: str, found: Sized, most: int) -> bool:
        if len(found) > most:
            self.fault(Code.TOO_MANY, name, most=str(most))
        return len(found) > most

    def _read_rows(self, name: str) -> "list[Table]":
        kind, shape = self._kind(name, Rows, InnerOrRows), self._inner(name, Rows, InnerOrRows)
        found = self._get(name, list) or []
        if kind is not None and self._too_many(name, found, kind.most):
            return []
        path = (*self.path, name)
        rows = [(number, value) for number, value in enumerate(found) if isinstance(value, dict)]
        if len(rows) != len(found):
            self.fault(Code.WRONG_TYPE, name, name=name, expected="table", found="list")
        return [Table(self.notes, (*path, number), value, shape) for number, value in rows]

    def _read_named(self, name: str) -> "dict[str, Table]":
        kind, shape = self._kind(name, ByCode), self._inner(name, ByCode)
        found = self._get(name, dict) or {}
        if kind is not None and self._too_many(name, found, kind.most):
            return {}
        outer = Table(self.notes, (*self.path, name), found)
        tables = {
            code: Table(self.notes, (*outer.path, code), value, shape)
            for code, value in found.items()
            if outer.is_kind(code, value, dict)
        }
        for code, table in tables.items():
            if kind is not None:
                _check_code_of(table, code, kind.pattern)
        return tables


ONE = compile_rule("1", gives=INT, scope={})
NOTHING = compile_rule("0", gives=INT, scope={})  # to go on with where a rule was faulty


def _check_code_of(table: Table, code: str, pattern: str) -> None:
    """The table's own name is a code of that pattern; one that rules write is a name of theirs too."""
    if re.fullmatch(pattern, code) is None or (pattern == WORD_PATTERN and not is_rule_name(code)):
        fault = {CODE_PATTERN: Code.BAD_CODE, WORD_PATTERN: Code.BAD_NAME}.get(pattern, Code.BAD_COUNTRY)
        table.fault(fault, found=code)


def _days(period: Period) -> int:
    return period.count if period.unit is PeriodUnit.DAYS else period.count * 31
