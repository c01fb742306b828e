"""Golden cases: TOML files that a programme manager can read, change and send back.

A file holds a `programme` and `cases`; a case may bring a programme of its own. `given` is what happens, in
that order: a sale, a request for vouchers, or a day that is reached. `expect` says only what the case is about.
"""

import tomllib
from datetime import date, datetime
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent


class GivenLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`paid` is what was paid for the line, in cents."""

    paid: int
    quantity: int = 1
    sku: str = "sku"
    category: str = ""
    department: str = ""
    brand: str = ""
    supplier: str = ""
    tags: tuple[str, ...] = ()


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of: `sale` at a local time, of `lines` or of one line `paid`; `ask` at a local time; `day` begun."""

    sale: datetime | None = None
    paid: int | None = None
    lines: tuple[GivenLine, ...] = ()
    store: str = "store-1"
    channel: str = "store"
    ask: datetime | None = None
    conversion: str = ""
    times: int = 1
    day: date | None = None


class OpenLot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`expires`: the first day on which the points cannot be used; absent: never."""

    points: int
    expires: date | None = None


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After everything: what the last thing given earned (`points`, `by_rule`, `refused`), and the member."""

    points: int | None = None
    by_rule: dict[str, int] | None = None
    refused: str | None = None
    balance: int | None = None
    balances: dict[str, int] | None = None
    lots: tuple[OpenLot, ...] | None = None
    expired: int | None = None
    burned: int | None = None
    vouchers: dict[str, int] | None = None
    voucher_ends: date | None = None
    tier: str | None = None


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    why: str
    source: str
    given: tuple[Given, ...]
    expect: Expect
    programme: str = ""


class CaseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    programme: str
    cases: tuple[Case, ...]


def golden_cases() -> dict[str, Case]:
    """File and name of the case -> the case, with its programme."""
    found: dict[str, Case] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), CaseFile)
        for case in file.cases:
            found[f"{path.name}: {case.name}"] = msgspec.structs.replace(
                case, programme=case.programme or file.programme
            )
    return found
