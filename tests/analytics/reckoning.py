"""The totals of a shop reckoned a second time: from the rows alone, sharing no code with the product."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

NEVER = date(9999, 12, 31)
type Span = tuple[int, str]  # (30, "days") or (12, "months")


@dataclass(frozen=True)
class Row:
    """One line of a sale; `at` is on the wall clock, or has an offset."""

    sale: str
    at: datetime
    store: str
    member: str | None
    sku: str
    quantity: int
    paid: int
    category: str = ""


@dataclass(frozen=True)
class Asked:
    """What a rule may look at."""

    lines: Sequence[Row]
    paid: int
    local: datetime
    store: str
    tier: str
    balance: int

    def of(self, category: str) -> int:
        return sum(line.paid for line in self.lines if line.category == category)


@dataclass(frozen=True)
class Terms:
    """A programme as plain values; the first wallet's balance is what rules see."""

    zone: str
    wallets: dict[str, tuple[Span | None, bool]]
    rules: list[tuple[str, Callable[[Asked], int]]]
    tiers: list[tuple[str, str, int, Span | None]] = field(default_factory=list)
    conversions: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Lot:
    wallet: str
    points: int
    earned: date
    gone: date


@dataclass
class Book:
    """One member's year."""

    lots: list[Lot] = field(default_factory=list)
    days: list[tuple[date, int, dict[str, int]]] = field(default_factory=list)
    sums: Counter[str] = field(default_factory=Counter)


def div(dividend: int, divisor: int) -> int:
    """Towards zero."""
    return abs(dividend) // abs(divisor) * (1 if (dividend < 0) == (divisor < 0) else -1)


def later(day: date, span: Span) -> date:
    count, unit = span
    if unit == "days":
        return day + timedelta(days=count)
    year, month = day.year + (day.month - 1 + count) // 12, (day.month - 1 + count) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def goes(day: date, span: Span | None, to_month_end: bool) -> date:
    if span is None:
        return NEVER
    first = later(day, span)
    if not to_month_end or first.day == 1:
        return first
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def when(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time: the first of two, the clock change itself when there is none."""
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    known = at.replace(tzinfo=zone).astimezone(UTC)
    if known.astimezone(zone).replace(tzinfo=None) == at:
        return known
    before = at.replace(second=0, microsecond=0)
    while before.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != before:
        before -= timedelta(minutes=1)
    return before.replace(tzinfo=zone).astimezone(UTC) + timedelta(minutes=1)


def held(terms: Terms, book: Book, today: date) -> str:
    for code, what, threshold, span in reversed(terms.tiers):
        counted = [
            (paid, earned)
            for day, paid, earned in book.days
            if day <= today and (span is None or later(day, span) > today)
        ]
        reached = sum(paid if what == "spend" else earned.get(what, 0) for paid, earned in counted)
        if max(reached, 0) >= threshold:
            return code
    return ""


def expire(book: Book, today: date) -> None:
    for lot in book.lots:
        if lot.gone <= today:
            book.sums["points_expired"] += lot.points
    book.lots = [lot for lot in book.lots if lot.gone > today]


def usable(book: Book, wallet: str) -> int:
    return sum(lot.points for lot in book.lots if lot.wallet == wallet)


def burn(book: Book, wallet: str, points: int) -> None:
    for lot in sorted(book.lots, key=lambda lot: (lot.gone, lot.earned)):
        if lot.wallet == wallet:
            taken = min(points, lot.points)
            lot.points -= taken
            points -= taken
            book.sums["points_burned"] += taken
    assert points == 0
    book.lots = [lot for lot in book.lots if lot.points]


def sell(terms: Terms, book: Book, local: datetime, lines: Sequence[Row]) -> None:
    today, paid = local.date(), sum(line.paid for line in lines)
    expire(book, today)
    first_wallet = next(iter(terms.wallets))
    asked = Asked(lines, paid, local, lines[0].store, held(terms, book, today), usable(book, first_wallet))
    earned: Counter[str] = Counter()
    for wallet, rule in terms.rules:
        if paid > 0:
            earned[wallet] += max(rule(asked), 0)
    for wallet, (span, to_month_end) in terms.wallets.items():
        if earned[wallet]:
            book.lots.append(Lot(wallet, earned[wallet], today, goes(today, span, to_month_end)))
            book.sums["points_issued"] += earned[wallet]
    book.days.append((today, paid, dict(earned)))
    for wallet, points in terms.conversions:
        times = usable(book, wallet) // points
        burn(book, wallet, times * points)
        book.sums["vouchers"] += times


def reckon(terms: Terms, rows: Iterable[Row], as_of: datetime) -> dict[str, object]:
    """Every total as of an instant, up to and with it."""
    zone = ZoneInfo(terms.zone)
    sales: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if when(row.at, zone) <= as_of:
            sales[row.sale].append(row)
    by_member: dict[str, list[tuple[datetime, datetime, str]]] = defaultdict(list)
    for sale, lines in sales.items():
        at, member = lines[0].at, lines[0].member
        local = at if at.tzinfo is None else at.astimezone(zone).replace(tzinfo=None)
        if member is not None:
            by_member[member].append((when(at, zone), local, sale))
    sums: Counter[str] = Counter()
    tiers: Counter[str] = Counter()
    today = as_of.astimezone(zone).date()
    for times in by_member.values():
        book = Book()
        for _, local, sale in sorted(times):
            sell(terms, book, local, sales[sale])
        expire(book, today)
        sums += book.sums
        sums["points_outstanding"] += sum(lot.points for lot in book.lots)
        tiers[held(terms, book, today) or "none"] += 1
    points = ("points_issued", "points_burned", "points_expired", "points_outstanding", "vouchers")
    return {
        "members": len(by_member),
        "stores": len({lines[0].store for lines in sales.values()}),
        "sales": len(sales),
        "lines": sum(map(len, sales.values())),
        "paid_minor": sum(line.paid for lines in sales.values() for line in lines),
        **{name: sums[name] for name in points},
        "members_by_tier": dict(tiers),
    }
