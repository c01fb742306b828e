"""A member's state as sentences: what expires next, what is missing to the next status, what a transfer was."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cagnotte.analytics.dashboard.member_ledger import Transfer
from cagnotte.application.show_member import BalanceView, ExpiryView, LotView, MemberView
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import Shop
from cagnotte.channels.backoffice.programme_words import period
from cagnotte.domain.tiers.qualification import Missing

_IDENTIFIERS = {
    "external": gettext_lazy("Retailer's id"),
    "card": gettext_lazy("Card"),
    "email": gettext_lazy("E-mail as identifier"),
    "phone": gettext_lazy("Phone as identifier"),
}
_TRANSFERS = {
    "earn": gettext_lazy("Points earned"),
    "conversion": gettext_lazy("Turned into vouchers"),
    "expiry": gettext_lazy("Points expired"),
}
_ACCOUNTS = {
    "available": gettext_lazy("Member's points"),
    "issued": gettext_lazy("Issued by the programme"),
    "redeemed": gettext_lazy("Redeemed"),
    "expired": gettext_lazy("Expired"),
}


class WalletShown(msgspec.Struct, frozen=True):
    name: str
    points: int
    next_expiry: str
    expiries: tuple[ExpiryView, ...]
    lots: tuple[LotView, ...]


class NextTier(msgspec.Struct, frozen=True):
    """`percent`: how far the member is, 0 to 100."""

    sentence: str
    measured: str
    percent: int


class EntryShown(msgspec.Struct, frozen=True):
    account: str
    points: int


class TransferShown(msgspec.Struct, frozen=True):
    called: str
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
        _next_expiry(soonest),
        balance.next_expiries,
        tuple(lot for lot in lots if lot.wallet == balance.wallet),
    )


def next_tier(missing: Missing | None, shop: Shop) -> NextTier | None:
    """None at the top, or in a programme without tiers."""
    if missing is None:
        return None
    named = {"tier": shop.tier(missing.tier)}
    if missing.measure == "spend":
        currency = shop.programme.currency
        sentence = _("%(money)s more to reach “%(tier)s”.") % {
            **named,
            "money": written.money(missing.missing, currency),
        }
        amounts = {
            "reached": written.money(missing.reached, currency),
            "needed": written.money(missing.needed, currency),
        }
    else:
        sentence = ngettext(
            "%(points)s more point to reach “%(tier)s”.",
            "%(points)s more points to reach “%(tier)s”.",
            missing.missing,
        ) % {**named, "points": written.whole(missing.missing)}
        amounts = {"reached": written.whole(missing.reached), "needed": written.whole(missing.needed)}
    return NextTier(sentence, _measured(missing, amounts), _percent(missing))


def usable_vouchers(view: MemberView, today: date) -> str:
    count = sum(1 for voucher in view.vouchers if voucher.expires_on is None or voucher.expires_on > today)
    return ngettext("%(count)s within its dates", "%(count)s within their dates", count) % {
        "count": written.whole(count)
    }


def transfer_shown(transfer: Transfer, shop: Shop) -> TransferShown:
    return TransferShown(
        called=str(_TRANSFERS[transfer.kind]),
        wallet_name=shop.wallet(transfer.wallet),
        happened_at=transfer.happened_at,
        sale_id=transfer.sale_id,
        points=transfer.points,
        balance=transfer.balance,
        entries=[EntryShown(str(_ACCOUNTS[account]), points) for account, points, _lot in transfer.entries],
    )


def identifier_shown(kind: str, value: str) -> IdentifierShown:
    return IdentifierShown(str(_IDENTIFIERS[kind]), value)


def _next_expiry(expiry: ExpiryView | None) -> str:
    if expiry is None:
        return _("No point is about to expire.")
    return ngettext(
        "%(points)s point expires on %(day)s.", "%(points)s points expire on %(day)s.", expiry.points
    ) % {"points": written.whole(expiry.points), "day": written.short_day(expiry.expires_on)}


def _measured(missing: Missing, amounts: dict[str, str]) -> str:
    if missing.within is None:
        return _("%(reached)s of %(needed)s since joining.") % amounts
    return _("%(reached)s of %(needed)s within %(period)s.") % {**amounts, "period": period(missing.within)}


def _percent(missing: Missing) -> int:
    return max(0, min(100, 100 * missing.reached // missing.needed)) if missing.needed else 100
