"""What each lot stands for in the accounts: the part of its sale's price paid for it, or what it will cost."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

import msgspec
import psycopg

from cagnotte.application.partner_prices import PartnerPrices
from cagnotte.application.published import Published
from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.parts import How
from cagnotte.domain.accounting.portfolios import Nature
from cagnotte.domain.accounting.values import Valued, allocated, cancelled, stand_alone, unit_value
from cagnotte.domain.baskets.basket import shares
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, nearest
from cagnotte.domain.points.accounts import Portfolios
from cagnotte.domain.points.terms import UnitValue
from cagnotte.domain.programme.document import Programme
from cagnotte.ledger.accounts import (
    LotGiven,
    LotValue,
    add_lot_values,
    lot_amount,
    lots_to_value,
    points_moved_away,
)
from cagnotte.ledger.parts import parts_moved

_FROM = "from:"  # and the event that sent them: the key of what a member received
_MOVED = {"received", "from_pool", "exchanged"}
_NATURES = {
    "earn": (Kind.PROVISION, Nature.GRANT),  # without a sale: a badge, a visit, a referral
    "bought": (Kind.DEFERRED, Nature.BOUGHT),
    "opening": (Kind.DEFERRED, Nature.OPENING),
    "given_back": (Kind.DEFERRED, Nature.GIVEN_BACK),
}
_FUNDED = (Kind.DEFERRED, Nature.FUNDED)
_BY_HAND = (Kind.PROVISION, Nature.GRANT)


class Valuing(msgspec.Struct, frozen=True):
    """One closing: its month (first day), the first day after it, and the expected breakage of each wallet."""

    month: date
    end_day: date
    breakage: dict[str, int]
    portfolios: Portfolios

    def lot(  # noqa: PLR0917 - the parts of one row
        self, given: LotGiven, kind: Kind, nature: Nature, amount: int, valued: Valued, partner: str = ""
    ) -> LotValue:
        return LotValue(
            member_id=given.member_id,
            lot_id=given.lot_id,
            month=self.month,
            wallet=given.wallet,
            store_id=given.store_id if self.portfolios is Portfolios.STORE else None,
            kind=kind,
            nature=nature,
            given_on=given.given_on,
            points=valued.points,
            amount_minor=amount,
            paid_minor=given.paid_minor if nature is Nature.SALE else None,
            value_minor=stand_alone(valued),
            breakage=valued.breakage,
            partner=partner,
            lot_points=given.points if given.funded else None,
        )


def value_lots(conn: psycopg.Connection, published: Published, valuing: Valuing) -> int:
    """Value each lot given before `end_day` that none valued yet; how many there were.

    A lot's value is worked out once and never again. Lots of a wallet whose points buy nothing that has a price
    are left out. Lots that came from other members or wallets bring the amount that went out there.
    """
    worth, paid = _Worth(published, valuing), _PaidByPartners(published)
    moved: list[LotGiven] = []

    def of_sales() -> Iterator[LotValue]:
        for sale, lots in groupby(lots_to_value(conn, valuing.end_day), key=_sale):
            counted = [lot for lot in lots if worth.of(lot) is not None]
            moved.extend(lot for lot in counted if lot.kind in _MOVED)
            stayed = [lot for lot in counted if lot.kind not in _MOVED]
            own = [lot for lot in stayed if _own_points(lot)]
            yield from _of_one_sale(own, worth, valuing) if sale[0] else _alone(own, worth, valuing)
            for lot in stayed:
                yield from _of_partners(lot, worth, valuing, paid)
            valued.update(lots=len(stayed))

    valued = Counter[str]()
    add_lot_values(conn, of_sales())
    return valued["lots"] + _value_moved(conn, moved, worth, valuing)


class _Worth:
    """What points are worth by the version that ruled when they were given."""

    def __init__(self, published: Published, valuing: Valuing) -> None:
        self.published, self.valuing = published, valuing
        self.known: dict[tuple[int, str], UnitValue | None] = {}

    def of(self, lot: LotGiven, points: int | None = None) -> Valued | None:
        """`points` of the lot; None: those that no partner pays for."""
        version = self.published.begun_at(lot.happened_at)
        asked = (version.version, lot.wallet)
        if asked not in self.known:
            has = version.programme.has_wallet(lot.wallet)
            self.known[asked] = unit_value(version.programme, lot.wallet) if has else None
        value = self.known[asked]
        number = _own_points(lot) if points is None else points
        return None if value is None else Valued(number, value, self.valuing.breakage.get(lot.wallet, 0))

    def programme(self, lot: LotGiven) -> Programme:
        return self.published.begun_at(lot.happened_at).programme


class _PaidByPartners:
    """What partners pay for lots, in whole minor units that add up to the exact sum, rounded: each lot gets what
    its points add to it."""

    def __init__(self, published: Published) -> None:
        self.prices = PartnerPrices(published)
        self.sums: dict[str, Fraction] = {}

    def amount(self, lot: LotGiven, partner: str, points: int) -> int:
        before = self.sums.get(partner, Fraction())
        after = before + self.prices.worth(partner, self.prices.version_at(lot.priced_at), points)
        self.sums[partner] = after
        return nearest(*after.as_integer_ratio()) - nearest(*before.as_integer_ratio())


def _own_points(lot: LotGiven) -> int:
    return lot.points - sum(points for _, points in lot.funded)


def _of_partners(lot: LotGiven, worth: _Worth, valuing: Valuing, paid: _PaidByPartners) -> Iterator[LotValue]:
    """The partner's price is the whole price of the promise to serve these points (IFRS 15.47; B34-B37)."""
    for partner, points in lot.funded:
        valued = worth.of(lot, points)
        assert valued is not None, lot
        yield valuing.lot(lot, *_FUNDED, paid.amount(lot, partner, points), valued, partner)


def _sale(lot: LotGiven) -> tuple[bool, int, int]:
    """Lots of one sale are alike: those that an earn gave."""
    return lot.kind == "earn" and lot.sale_id is not None, lot.member_id, lot.sale_id or lot.lot_id


def _of_one_sale(lots: Sequence[LotGiven], worth: _Worth, valuing: Valuing) -> Iterator[LotValue]:
    """The price of the sale, shared between its goods and its lots (IFRS 15, B39-B43)."""
    valued = [each for each in map(worth.of, lots) if each is not None]
    paid = lots[0].paid_minor if lots else None
    for lot, each, amount in zip(lots, valued, allocated(paid or 0, valued), strict=True):
        yield valuing.lot(lot, Kind.DEFERRED, Nature.SALE, amount, each)


def _alone(lots: Sequence[LotGiven], worth: _Worth, valuing: Valuing) -> Iterator[LotValue]:
    """Points that no sale gave: what was paid for them, or what they are expected to cost."""
    for lot in lots:
        valued = worth.of(lot)
        assert valued is not None, lot
        kind, nature = _NATURES.get(lot.kind, _BY_HAND)
        amount = _price(lot, worth) if nature is Nature.BOUGHT else stand_alone(valued)
        yield valuing.lot(lot, kind, nature, amount, valued)


def _price(lot: LotGiven, worth: _Worth) -> int:
    """What the member paid for points that were bought, by the price of that time, rounded down."""
    price = worth.programme(lot).wallet(lot.wallet).price
    return 0 if price is None else lot.points * price.amount_minor // price.points


def _value_moved(conn: psycopg.Connection, lots: Sequence[LotGiven], worth: _Worth, valuing: Valuing) -> int:
    """Act by act, in the order of the acts: what one sends on may have come to it in the same month."""
    if not lots:
        return 0
    away, of_parts = points_moved_away(conn, valuing.end_day), _gone_of_parts(conn)
    ordered = sorted(lots, key=lambda lot: (_event(lot), lot.lot_id))
    for event, group in groupby(ordered, key=_event):
        received = list(group)
        values = [each for each in map(worth.of, received) if each is not None]
        kind, total = Kind.DEFERRED, sum(stand_alone(each) for each in values)
        if event in away:  # else the books do not tell where they come from: the account between members shows it
            kind, total = _gone(conn, away[event], of_parts.get(event, {}))
        parts = shares(total, [lot.points for lot in received])
        rows = zip(received, parts, values, strict=True)
        add_lot_values(conn, [valuing.lot(lot, kind, Nature.RECEIVED, part, each) for lot, part, each in rows])
    return len(lots)


def _event(lot: LotGiven) -> int:
    """The act that moved the points: it names itself in the key of what another member received."""
    if lot.key.startswith(_FROM):
        return int(lot.key.split("#", maxsplit=1)[0].removeprefix(_FROM))
    return lot.lot_id // TRANSFERS_PER_EVENT * TRANSFERS_PER_EVENT


type _OfKinds = dict[Kind, int]


def _gone_of_parts(conn: psycopg.Connection) -> dict[int, _OfKinds]:
    """Act -> what went with it of lots that partners pay for."""
    found: dict[int, _OfKinds] = {}
    for each in parts_moved(conn):
        if each.how is How.MOVED:
            sums = found.setdefault(each.event_id, {})
            sums[each.key.kind] = sums.get(each.key.kind, 0) + each.amount_minor
    return found


def _gone(
    conn: psycopg.Connection, draws: Sequence[tuple[int, int, Sequence[int]]], of_parts: _OfKinds
) -> tuple[Kind, int]:
    """What went out of the lots that an act drew from; deferred revenue when somebody paid for some of it."""
    total, kinds = sum(of_parts.values()), set(of_parts)
    for member_id, lot_id, taken in draws:
        found = lot_amount(conn, member_id, lot_id)
        if found is not None:  # else its wallet is in no account, or it is among the parts
            amount, points, kind = found
            total += cancelled(amount, points, taken)[-1]
            kinds.add(kind)
    return (Kind.DEFERRED if Kind.DEFERRED in kinds else Kind.PROVISION), total
