"""A member's state as sentences: what expires next, what is missing to the next status, what a transfer was."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from cagnotte.analytics.dashboard.member_ledger import Transfer
from cagnotte.application.household_points import HouseholdPoints
from cagnotte.application.show_member import BalanceView, ExpiryView, LotView, MemberView
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import Shop, in_words
from cagnotte.channels.backoffice.programme_words import period
from cagnotte.channels.wording.movement_words import ACCOUNTS, MOVEMENTS
from cagnotte.domain.tiers.counting import SPEND, VISITS
from cagnotte.domain.tiers.outlook import Missing, Projected
from cagnotte.domain.tiers.terms import MAIN, MeasuredIn

_CONDITION = ""  # what a tier counts that only asks for a condition

_IDENTIFIERS = {
    "external": gettext_lazy("Retailer's id"),
    "card": gettext_lazy("Card"),
    "email": gettext_lazy("E-mail as identifier"),
    "phone": gettext_lazy("Phone as identifier"),
}


class WalletShown(msgspec.Struct, frozen=True):
    """`waiting`: what is said of points that cannot be used yet, are set aside or owed; empty: nothing."""

    name: str
    points: int
    waiting: list[str]
    next_expiry: str
    expiries: tuple[ExpiryView, ...]
    lots: tuple[LotView, ...]


class TierShown(msgspec.Struct, frozen=True):
    name: str
    since: date


class NextTier(msgspec.Struct, frozen=True):
    """`percent`: how far the member is, 0 to 100."""

    sentence: str
    measured: str
    percent: int


class EntryShown(msgspec.Struct, frozen=True):
    account: str
    points: int


class TransferShown(msgspec.Struct, frozen=True):
    """`note`: why, or what for, and who did it by hand."""

    called: str
    note: str
    wallet_name: str
    happened_at: datetime
    sale_id: int | None
    points: int
    balance: int
    entries: list[EntryShown]


class IdentifierShown(msgspec.Struct, frozen=True):
    called: str
    value: str


def wallet_shown(balance: BalanceView, lots: Iterable[LotView], shop: Shop) -> WalletShown:
    """A balance with those of the lots that are of its wallet."""
    soonest = balance.next_expiries[0] if balance.next_expiries else None
    return WalletShown(
        shop.wallet(balance.wallet),
        balance.points,
        _waiting(balance),
        _next_expiry(soonest),
        balance.next_expiries,
        tuple(lot for lot in lots if lot.wallet == balance.wallet),
    )


def household_points_shown(together: HouseholdPoints, shop: Shop) -> str:
    """What the member can spend with the household, of one wallet."""
    return _("%(wallet)s: %(points)s") % {
        "points": written.whole(together.points),
        "wallet": shop.wallet(together.wallet),
    }


def next_tier(missing: Missing | None, shop: Shop) -> NextTier | None:
    """None at the top, or in a programme without tiers."""
    if missing is None:
        return None
    measured = "" if missing.measure == _CONDITION else _measured(missing, _amounts(missing, shop))
    return NextTier(_to_reach(missing, shop), measured, _percent(missing))


def other_tiers(view: MemberView, shop: Shop) -> list[TierShown]:
    """Tiers held in other families than the main one."""
    return [TierShown(shop.tier(held.tier), held.since) for held in view.tiers if held.family != MAIN]


def ahead(view: MemberView, shop: Shop) -> list[str]:
    """What becomes of each tier when nothing more is bought."""
    held = {each.family: each.tier for each in view.tiers}
    return [_ahead(held.get(each.family), each.projected, shop) for each in view.outlook if each.projected]


def usable_vouchers(view: MemberView, today: date) -> str:
    count = sum(1 for voucher in view.vouchers if voucher.expires_on is None or voucher.expires_on > today)
    return ngettext("%(count)s within its dates", "%(count)s within their dates", count) % {
        "count": written.whole(count)
    }


def transfer_shown(transfer: Transfer, shop: Shop) -> TransferShown:
    is_funded = transfer.kind == "funded"  # its note is the partner
    paid = _("Paid by “%(partner)s”") % {"partner": shop.partner(transfer.note)}
    return TransferShown(
        called=paid if is_funded else gettext(MOVEMENTS[transfer.kind]),
        note=" · ".join(filter(None, ("" if is_funded else transfer.note, transfer.made_by))),
        wallet_name=shop.wallet(transfer.wallet),
        happened_at=transfer.happened_at,
        sale_id=transfer.sale_id,
        points=transfer.points,
        balance=transfer.balance,
        entries=[EntryShown(gettext(ACCOUNTS[account]), points) for account, points, _lot in transfer.entries],
    )


def identifier_shown(kind: str, value: str) -> IdentifierShown:
    return IdentifierShown(str(_IDENTIFIERS[kind]), value)


def _ahead(held: str | None, then: Projected, shop: Shop) -> str:
    day = {"tier": shop.tier(held), "then": shop.tier(then.tier), "day": written.day(then.on)}
    if then.tier == held:
        return _("Without another purchase “%(tier)s” is kept on %(day)s.") % day
    return _("Without another purchase “%(tier)s” becomes “%(then)s” on %(day)s.") % day


def _waiting(balance: BalanceView) -> list[str]:
    said = []
    if balance.pending:
        said.append(
            ngettext(
                "%(points)s point cannot be used yet.", "%(points)s points cannot be used yet.", balance.pending
            )
            % {"points": written.whole(balance.pending)}
        )
    if balance.held:
        said.append(
            ngettext(
                "%(points)s point is set aside for an open order.",
                "%(points)s points are set aside for open orders.",
                balance.held,
            )
            % {"points": written.whole(balance.held)}
        )
    if balance.owed:
        said.append(
            ngettext(
                "%(points)s point is owed: the next ones earned pay it.",
                "%(points)s points are owed: the next ones earned pay them.",
                balance.owed,
            )
            % {"points": written.whole(balance.owed)}
        )
    return said


def _to_reach(missing: Missing, shop: Shop) -> str:
    """What is missing, in the unit of what the tier counts."""
    named = {"tier": shop.tier(missing.tier), "count": written.whole(missing.missing)}
    if not missing.missing:
        return _("A condition of “%(tier)s” is not met yet.") % named
    if missing.measure == SPEND:
        money = written.money(missing.missing, shop.programme.currency)
        return _("%(money)s more to reach “%(tier)s”.") % {**named, "money": money}
    if missing.measure == VISITS:
        return (
            ngettext(
                "%(count)s more visit to reach “%(tier)s”.",
                "%(count)s more visits to reach “%(tier)s”.",
                missing.missing,
            )
            % named
        )
    if shop.programme.has_wallet(missing.measure):
        return ngettext(
            "%(points)s more point to reach “%(tier)s”.",
            "%(points)s more points to reach “%(tier)s”.",
            missing.missing,
        ) % {**named, "points": named["count"]}
    return _("%(count)s more of “%(measure)s” to reach “%(tier)s”.") % {
        **named,
        "measure": _measure_called(missing.measure, shop),
    }


def _measure_called(code: str, shop: Shop) -> str:
    names = {measure.code: measure.name for measure in shop.programme.measures}
    return in_words(names.get(code, {}), code)


def _amounts(missing: Missing, shop: Shop) -> dict[str, str]:
    if missing.measure == SPEND:
        currency = shop.programme.currency
        reached, needed = missing.reached, missing.needed
        return {"reached": written.money(reached, currency), "needed": written.money(needed, currency)}
    return {"reached": written.whole(missing.reached), "needed": written.whole(missing.needed)}


def _next_expiry(expiry: ExpiryView | None) -> str:
    if expiry is None:
        return _("No point is about to expire.")
    return ngettext(
        "%(points)s point expires on %(day)s.", "%(points)s points expire on %(day)s.", expiry.points
    ) % {"points": written.whole(expiry.points), "day": written.short_day(expiry.expires_on)}


def _measured(missing: Missing, amounts: dict[str, str]) -> str:
    match missing.window:
        case MeasuredIn.CALENDAR_YEAR:
            return _("%(reached)s of %(needed)s in this calendar year.") % amounts
        case MeasuredIn.ANNIVERSARY:
            return _("%(reached)s of %(needed)s in this year of membership.") % amounts
        case MeasuredIn.ROLLING if missing.within is not None:
            return _("%(reached)s of %(needed)s within %(period)s.") % {
                **amounts,
                "period": period(missing.within),
            }
        case _:
            return _("%(reached)s of %(needed)s since joining.") % amounts


def _percent(missing: Missing) -> int:
    return max(0, min(100, 100 * missing.reached // missing.needed)) if missing.needed else 100
