"""From the text of a programme to the programme, or to every fault in it."""

import re
import tomllib

from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, Period
from cagnotte.domain.programme.document import Conversion, EarnRule, Programme, VoucherTerms, Wallet
from cagnotte.domain.programme.faults import ProgrammeError, ProgrammeFault
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.reading import NOTHING, Reading, Table
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.rules import BOOL, INT, compile_rules
from cagnotte.domain.tiers.qualification import NO_TIER, Reach, Tier

_TABLES = ("programme", "wallets", "earn", "tiers", "conversions")
_MOST = TRANSFERS_PER_EVENT // 4  # wallets, and conversions: all their transfers fit in one event


def check_programme(text: str, *, timezones: frozenset[str]) -> Programme:
    """The programme that the TOML text says; `timezones` are the names a programme may use.

    Raises ProgrammeError with every fault found, in the order of the text.
    """
    reading = _read(text)
    programme = _programme(reading, timezones)
    if reading.faults or programme is None:
        once = {(fault.start, fault.end, fault.code, str(fault.path)): fault for fault in reading.faults}
        raise ProgrammeError(tuple(once[place] for place in sorted(once)))
    return programme


def _read(text: str) -> Reading:
    try:
        return Reading(text, tomllib.loads(text))
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


def _programme(reading: Reading, timezones: frozenset[str]) -> Programme | None:
    root = reading.root(_TABLES)
    head = root.table("programme", ("code", "name", "currency", "timezone"))
    wallets = _wallets(root)
    earn = tuple(_earn_rule(table, wallets) for table in root.tables("earn"))
    tiers = tuple(_tier(table, wallets) for table in root.tables("tiers"))
    conversions = tuple(_conversion(table, wallets) for table in root.tables("conversions"))
    _check_codes(root)
    _check_tiers_rise(root, tiers)
    if len(conversions) > _MOST:
        root.fault(Code.TOO_MANY, "conversions", most=str(_MOST))
    code, name = head.code(), head.name()
    currency = head.currency("currency")
    timezone = head.choice("timezone", sorted(timezones), code=Code.UNKNOWN_TIMEZONE)
    if reading.faults:
        return None
    return Programme(
        code=code,
        name=name,
        currency=currency,
        timezone=timezone,
        wallets=wallets,
        earn=earn,
        tiers=tiers,
        conversions=conversions,
        earned=compile_rules([(rule.when, rule.points) for rule in earn]),
    )


def _wallets(root: Table) -> tuple[Wallet, ...]:
    tables = root.named_tables("wallets")
    if not root.values.get("wallets", {}):
        root.fault(Code.MISSING if "wallets" not in root.values else Code.EMPTY, "wallets", name="wallets")
    if len(tables) > _MOST:
        root.fault(Code.TOO_MANY, "wallets", most=str(_MOST))
    return tuple(_wallet(code, table) for code, table in tables.items())


def _wallet(code: str, table: Table) -> Wallet:
    table.only("name", "expiry")
    table.check_code(code)
    expiry = table.table("expiry", ("after", "rounded_to"), optional=True)
    after = expiry.period("after") if "expiry" in table.values else None
    rounded = expiry.choice("rounded_to", ["month"], optional=True)
    return Wallet(code, after, rounded == "month", table.name())


def _earn_rule(table: Table, wallets: tuple[Wallet, ...]) -> EarnRule:
    table.only("code", "name", "on", "wallet", "when", "points")
    table.choice("on", ["purchase"], optional=True)
    when = table.rule("when", gives=BOOL, scope=PURCHASE, optional=True)
    points = table.rule("points", gives=INT, scope=PURCHASE)
    return EarnRule(table.code(), _wallet_of(table, wallets), when, points or NOTHING, table.name())


def _tier(table: Table, wallets: tuple[Wallet, ...]) -> Tier:
    table.only("code", "name", "reach")
    reach = table.table("reach", ("spend", "wallet", "points", "within"))
    within = reach.period("within", optional=True)
    if ("spend" in reach.values) == ("points" in reach.values) and not reach.absent:
        reach.fault(Code.ONE_OF_TWO, first="spend", second="points")
    if "spend" in reach.values:
        if "wallet" in reach.values:
            reach.fault(Code.ONE_OF_TWO, "wallet", first="spend", second="wallet")
        return Tier(table.code(), Reach(None, reach.integer("spend", positive=False), within), table.name())
    at_least = reach.integer("points", positive=False, optional=True)
    return Tier(table.code(), Reach(_wallet_of(reach, wallets), at_least, within), table.name())


def _conversion(table: Table, wallets: tuple[Wallet, ...]) -> Conversion:
    table.only("code", "name", "wallet", "points", "voucher", "trigger")
    voucher = table.table("voucher", ("amount", "valid_for"))
    trigger = table.choice("trigger", ["automatic", "on_request"], optional=True)
    return Conversion(
        code=table.code(),
        wallet=_wallet_of(table, wallets),
        points=table.integer("points"),
        voucher=VoucherTerms(voucher.integer("amount"), voucher.period("valid_for", optional=True)),
        automatic=trigger != "on_request",
        name=table.name(),
    )


def _wallet_of(table: Table, wallets: tuple[Wallet, ...]) -> str:
    """The wallet that a table names; the programme's first one when it names none."""
    codes = [wallet.code for wallet in wallets]
    if "wallet" not in table.values or not codes:  # without wallets that was reported, and enough
        return codes[0] if codes else ""
    return table.choice("wallet", codes, code=Code.UNKNOWN_WALLET)


def _check_codes(root: Table) -> None:
    for name in ("earn", "tiers", "conversions"):
        seen: set[str] = set()
        for table in root.tables(name):
            code = table.values.get("code")
            if not isinstance(code, str) or not code.strip():
                continue
            if code in seen:
                table.fault(Code.DUPLICATE_CODE, "code", found=code, name=name)
            seen.add(code)


def _check_tiers_rise(root: Table, tiers: tuple[Tier, ...]) -> None:
    """Tiers stand from the lowest to the highest: on the same measure each asks for more than the last."""
    highest: dict[tuple[str | None, Period | None], Tier] = {}
    for tier, table in zip(tiers, root.tables("tiers"), strict=True):
        if tier.code == NO_TIER:
            table.fault(Code.RESERVED_CODE, "code", found=tier.code)
        if table.has_fault("reach"):
            continue
        measure = (tier.reach.wallet, tier.reach.within)
        below = highest.get(measure)
        if below is not None and tier.reach.at_least <= below.reach.at_least:
            table.fault(Code.TIER_NEVER_HIGHER, "reach", tier=tier.code, below=below.code)
        highest[measure] = tier
