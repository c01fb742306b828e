"""The columns of a sales file: our names for them, and the mapping from other people's."""

import tomllib
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

import msgspec

REQUIRED = ("sale_id", "at", "store", "sku", "quantity")
AMOUNTS = ("paid", "paid_minor")  # one of the two: in units of the currency, or in its smallest unit
OPTIONAL = ("member", "channel", "currency", "category", "department", "brand", "supplier")
KNOWN = (*REQUIRED, *AMOUNTS, *OPTIONAL)
_OF_LINE = ("sku", "quantity", "paid", "paid_minor", "category", "department", "brand", "supplier")
LINE_FIELDS = frozenset(_OF_LINE)


class FileRefused(Exception):
    """The file, or its mapping, cannot be read at all. Nothing was loaded."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount made of several columns: the sum of `add` less the sum of `subtract`."""

    add: tuple[str, ...]
    subtract: tuple[str, ...] = ()


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which column of the file gives which of ours; columns of the file not named are not read."""

    columns: dict[str, str | Amount]
    decimal: str = "."
    constants: dict[str, str] = {}

    def sources(self, name: str) -> Amount:
        """The file's columns that make up our column; empty when there is none."""
        given = self.columns.get(name)
        if isinstance(given, Amount):
            return given
        return Amount((given,)) if given is not None else Amount(())


def read_mapping(path: Path, known: Sequence[str] = KNOWN) -> Mapping:
    """The mapping of a file whose columns we call `known`. Raises FileRefused with what is wrong with it."""
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Mapping)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise FileRefused("bad_mapping", file=str(path), detail=str(error)) from error
    for name in (*mapping.columns, *mapping.constants):
        if name not in known:
            raise FileRefused("unknown_column", name=name, known=", ".join(known), **_near(name, known))
    if problem := _problem(mapping):
        raise FileRefused("bad_mapping", file=str(path), detail=problem)
    return mapping


def _problem(mapping: Mapping) -> str:
    """What the types of a mapping cannot say; "" when all is well."""
    if mapping.decimal not in (".", ","):
        return 'decimal must be "." or ","'
    for name, given in mapping.columns.items():
        if name in mapping.constants:
            return f"{name} is given twice: as a column and as a constant"
        if isinstance(given, Amount) and name not in AMOUNTS:
            return f"{name} is one column: only an amount is made of several"
        if isinstance(given, Amount) and not (*given.add, *given.subtract):
            return f"{name} names no column"
    return ""


def resolve(header: Sequence[str], mapping: Mapping | None) -> Mapping:
    """The mapping to use for a file with this header. Raises FileRefused when it does not fit.

    Without a mapping the file's columns carry our names, and one that does not is refused.
    """
    if mapping is None:
        for name in header:
            if name not in KNOWN:
                raise FileRefused("unknown_column", name=name, known=", ".join(KNOWN), **_near(name, KNOWN))
        mapping = Mapping({name: name for name in header})
    for name in mapping.columns:
        used = mapping.sources(name)
        for column in (*used.add, *used.subtract):
            if column not in header:
                raise FileRefused("no_such_column", name=column, known=", ".join(header))
    _check_complete({*mapping.columns, *mapping.constants})
    return mapping


def _check_complete(names: Iterable[str]) -> None:
    given = set(names)
    for name in REQUIRED:
        if name not in given:
            raise FileRefused("missing_column", name=name)
    if not given & set(AMOUNTS):
        raise FileRefused("missing_column", name=" / ".join(AMOUNTS))
    if given >= set(AMOUNTS):
        raise FileRefused("two_amounts", first=AMOUNTS[0], second=AMOUNTS[1])


def _near(name: str, known: Sequence[str]) -> dict[str, str]:
    found = get_close_matches(name.lower(), known, n=1)
    return {"suggestion": found[0]} if found else {}
