"""From the text of a programme to the programme, or to every fault in it."""

import re
import tomllib

from cagnotte.domain.earning.terms import Cap, EarnRule
from cagnotte.domain.programme.document import Announce, Conversion, LeapBirthday, Programme, VoucherTerms
from cagnotte.domain.programme.faults import ProgrammeError, ProgrammeFault
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import CalendarDays, Known
from cagnotte.domain.programme.known_names import codes, known_of
from cagnotte.domain.programme.notes import Notes
from cagnotte.domain.programme.offers import read_offer_policy, read_offers
from cagnotte.domain.programme.overlaps import check_whole
from cagnotte.domain.programme.reading import Table, document
from cagnotte.domain.programme.reading_accounting import accounting
from cagnotte.domain.programme.reading_adjustments import adjustments
from cagnotte.domain.programme.reading_calendars import calendar
from cagnotte.domain.programme.reading_earning import declared_cap, earn_rule, measure, policy
from cagnotte.domain.programme.reading_life import (
    achievement,
    brand,
    check_worths,
    country,
    goal,
    late,
    message,
    plan,
    referral,
    returns,
    share_of_wallet,
)
from cagnotte.domain.programme.reading_tiers import tier
from cagnotte.domain.programme.reading_times import life_of
from cagnotte.domain.programme.reading_wallets import exchange, pooling, sending, wallet
from cagnotte.domain.programme.shapes import Rows
from cagnotte.domain.programme.tables_life import DOCUMENT
from cagnotte.domain.rules import BOOL

TEXT_MOST = 4_000_000
"""Characters of a document: what ten thousand rules of the usual size take."""

# a.a.a.a and so on: TOML's reader takes time that grows with the square of such a key's length.
_MANY_DOTS = re.compile(r"""(?:(?:(?<![\w-])[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){64}""")


def check_programme(text: str, *, timezones: frozenset[str], calendar_days: CalendarDays) -> Programme:
    """The programme that the TOML text says; `timezones` are the names a programme may use.

    `calendar_days` works out the days of a calendar's recurrence rule. Raises ProgrammeError with every fault
    found, in the order of the text: at most FAULTS_MOST of them.
    """
    notes = _read(text)
    programme = _programme(notes, timezones, calendar_days)
    if notes.faults:
        raise ProgrammeError(notes.faults)
    return programme


def _read(text: str) -> Notes:
    if len(text) > TEXT_MOST:
        raise ProgrammeError((ProgrammeFault(Code.TOO_LARGE, (), 0, 1, {"most": str(TEXT_MOST)}),))
    if dotted := _MANY_DOTS.search(text):
        raise _not_toml("Arrays or tables are nested too deep", dotted.start())
    try:
        return Notes(text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(re.sub(r" \(at [^()]*\)$", "", str(error)), _place(str(error), text)) from error
    except ValueError as error:  # a number of thousands of digits
        raise _not_toml(str(error), 0) from error
    except RecursionError as error:
        raise _not_toml("Arrays or tables are nested too deep", 0) from error


def _not_toml(detail: str, start: int) -> ProgrammeError:
    return ProgrammeError((ProgrammeFault(Code.NOT_TOML, (), start, start + 1, {"detail": detail}),))


def _place(message: str, text: str) -> int:
    found = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    if found is None:
        return len(text)
    lines = text.split("\n")
    line, column = int(found[1]), int(found[2])
    return sum(len(before) + 1 for before in lines[: line - 1]) + column - 1


def _programme(notes: Notes, timezones: frozenset[str], calendar_days: CalendarDays) -> Programme:
    root = document(notes, DOCUMENT)
    head = root.table("programme")
    if root.values.get("wallets") == {}:
        root.fault(Code.EMPTY, "wallets", name="wallets")
    known = known_of(root)
    wallets = tuple(wallet(code, table, known) for code, table in root.named_tables("wallets").items())
    rules = _rules(root, known)
    measures = tuple(measure(code, table, known) for code, table in root.named_tables("measures").items())
    offer_policy = read_offer_policy(root, known)
    programme = Programme(
        code=head.code(),
        name=head.name(),
        currency=head.currency("currency"),
        timezone=head.choice("timezone", sorted(timezones), code=Code.UNKNOWN_TIMEZONE),
        wallets=wallets,
        earn=tuple(rule for rule, _ in rules),
        tiers=tuple(tier(table, known, measures) for table in root.tables("tiers")),
        conversions=tuple(_conversion(table, known) for table in root.tables("conversions")),
        sending=sending(root, known),
        pooling=pooling(root, known),
        exchanges=tuple(exchange(table, known) for table in root.tables("exchanges")),
        goals=tuple(goal(table) for table in root.tables("goals")),
        audience=head.rule("audience", gives=BOOL, scope=known.vocabulary.member()),
        life=life_of(head, ends_inclusive=known.ends_inclusive),
        brands=tuple(brand(code, table) for code, table in root.named_tables("brands").items()),
        countries=tuple(country(code, table, timezones) for code, table in root.named_tables("countries").items()),
        declared=known.vocabulary.declared,
        calendars=tuple(
            calendar(code, table, calendar_days) for code, table in root.named_tables("calendars").items()
        ),
        measures=measures,
        earning=policy(root, known),
        caps=(*_declared_caps(root), *(cap for _, caps in rules for cap in caps)),
        achievements=tuple(achievement(table, known) for table in root.tables("achievements")),
        referral=referral(root, known),
        plans=tuple(plan(code, table, known) for code, table in root.named_tables("plans").items()),
        offers=read_offers(root, known, offer_policy),
        offer_policy=offer_policy,
        messages=tuple(message(table, known) for table in root.tables("messages")),
        announce=head.word("announce", Announce.HIGHEST),
        returns=returns(root),
        late=late(root),
        accounting=accounting(root),
        adjustments=adjustments(root, known),
        share_of_wallet=share_of_wallet(root, known),
        leap_birthday=head.word("leap_birthday", LeapBirthday.BEFORE),
    )
    _check_codes(root)
    check_worths(root, programme)
    check_whole(notes, root, programme)
    return programme


def _rules(root: Table, known: Known) -> list[tuple[EarnRule, tuple[Cap, ...]]]:
    known_rules = codes(root, "earn")
    return [earn_rule(table, known, known_rules) for table in root.tables("earn")]


def _declared_caps(root: Table) -> tuple[Cap, ...]:
    return tuple(declared_cap(code, table) for code, table in root.named_tables("caps").items())


def _conversion(table: Table, known: Known) -> Conversion:
    voucher = table.table("voucher")
    return Conversion(
        code=table.code(),
        wallet=known.wallet(table),
        points=table.integer("points"),
        voucher=VoucherTerms(voucher.integer("amount"), voucher.period("valid_for")),
        automatic=table.either("trigger", "automatic", "on_request", default=True),
        name=table.name(),
    )


def _check_codes(root: Table) -> None:
    for name in (key.name for key in DOCUMENT.keys if isinstance(key.kind, Rows)):
        seen: set[str] = set()
        for table in root.tables(name):
            code = table.values.get("code")
            if not isinstance(code, str) or not code.strip():
                continue
            if code in seen:
                table.fault(Code.DUPLICATE_CODE, "code", found=code, name=name)
            seen.add(code)
    _check_earners(root)


def _check_earners(root: Table) -> None:
    """What gives points says so under its code alone: rules, offers and achievements share one set of codes."""
    first: dict[str, str] = {}
    for name in ("earn", "offers", "achievements"):
        for table in root.tables(name):
            code = table.values.get("code")
            if isinstance(code, str) and first.setdefault(code, name) != name:
                table.fault(Code.DUPLICATE_CODE, "code", found=code, name=f"{first[code]}, {name}")
