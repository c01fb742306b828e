"""What a till is told of a sale, evaluated or recorded. The API's JSON answer is this struct."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from cagnotte.application.published import Version
from cagnotte.application.sale_currency import Counted, counted_as
from cagnotte.application.tier_outlook import TierView, next_tier, tier_views
from cagnotte.domain.baskets.basket import Basket, SaleTotals, total_paid, without_offers
from cagnotte.domain.evaluator.decision import Decision, Refusal
from cagnotte.domain.evaluator.effects import (
    AchievementReached,
    DiscountGiven,
    GiftGiven,
    MessageShown,
    PaidWithPoints,
    RuleEarned,
    TierChanged,
    VouchersIssued,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.lots import points_pending, points_usable
from cagnotte.domain.programme.document import called
from cagnotte.domain.tiers.outlook import Missing
from cagnotte.domain.tiers.terms import MAIN


class SaleStatus(StrEnum):
    EVALUATED = "evaluated"  # nothing was written
    RECORDED = "recorded"


class EarnedByRule(msgspec.Struct, frozen=True):
    """`cut`: points that a cap took away. `funded_by`: the partner who pays for these points, where one does."""

    rule: str
    wallet: str
    points: int
    cut: int = 0
    funded_by: str | UnsetType = UNSET


class WalletBalance(msgspec.Struct, frozen=True):
    """Points usable on the day of the answer, and those that cannot be used yet."""

    wallet: str
    points: int
    pending: int = 0


class VouchersGiven(msgspec.Struct, frozen=True):
    """`count` vouchers of `amount_minor` each; `expires_on` is the first day they cannot be used.

    `currency`: the programme's, in which they are, when the sale is in another.
    """

    conversion: str
    count: int
    amount_minor: int
    expires_on: date | None
    currency: str | UnsetType = UNSET


class LineDiscount(msgspec.Struct, frozen=True):
    """What is taken off the line of that number, from 1."""

    line: int
    amount_minor: int


class OfferGiven(msgspec.Struct, frozen=True):
    """What an offer takes off, by line and off the delivery. `times`: how often it was given in this sale."""

    offer: str
    coupon: str
    times: int
    amount_minor: int
    lines: tuple[LineDiscount, ...]
    delivery_minor: int


class GiftView(msgspec.Struct, frozen=True):
    """A product, service, experience or access that an offer gives."""

    offer: str
    kind: str
    what: str
    quantity: int


class PaidWithWallet(msgspec.Struct, frozen=True):
    wallet: str
    points: int
    amount_minor: int


class Totals(msgspec.Struct, frozen=True):
    """What the sale comes to: goods + delivery - discount - paid with points = payable.

    `line_discounts`: what is taken off each line, in their order. `discount_minor` holds the till's discount on
    the order and what the programme's offers take off the lines and the delivery.
    """

    goods_minor: int
    delivery_minor: int
    discount_minor: int
    points_paid_minor: int
    payable_minor: int
    line_discounts: tuple[int, ...]


class BadgeReached(msgspec.Struct, frozen=True):
    achievement: str
    times: int


class MessageView(msgspec.Struct, frozen=True):
    """A message for the receipt, the till or the seller's screen; `text` by language.

    `said`: in the member's language, where that is known.
    """

    message: str
    place: str
    text: dict[str, str]
    said: str | UnsetType = UNSET


class ProgrammeUsed(msgspec.Struct, frozen=True):
    code: str
    version: int


class SaleCorrection(msgspec.Struct, frozen=True):
    """A sale whose points a late event put right, and by what each rule gives more, or less below 0."""

    sale_id: str
    earned: tuple[EarnedByRule, ...]


class SaleAnswer(msgspec.Struct, frozen=True):
    """Amounts are in minor units of `currency`, the sale's. `counted`: what it counts as in the programme's
    currency, when that is another; thresholds of tiers and vouchers of conversions are in the programme's. A guest
    (`member` null) earns nothing and has no balances.

    `corrections`: of a sale that arrived late, what it changed of the sales after it, and of itself; `balances`
    are those after it.

    `paid_minor`: the sum of the lines as the till sent them. `tier_before`, `tier` and `next_tier` are of the main
    family; `tiers` are all that the member holds.
    """

    sale_id: str
    status: SaleStatus
    member: str | None
    happened_at: Annotated[datetime, msgspec.Meta(tz=True)]
    paid_minor: int
    currency: str
    totals: Totals
    offers: tuple[OfferGiven, ...]
    gifts: tuple[GiftView, ...]
    paid_with_points: tuple[PaidWithWallet, ...]
    points_earned: int
    earned: tuple[EarnedByRule, ...]
    vouchers: tuple[VouchersGiven, ...]
    balances: tuple[WalletBalance, ...]
    tier_before: str | None
    tier: str | None
    tiers: tuple[TierView, ...]
    next_tier: Missing | None
    achievements: tuple[BadgeReached, ...]
    messages: tuple[MessageView, ...]
    refusals: tuple[Refusal, ...]
    programme: ProgrammeUsed
    counted: Counted | UnsetType = UNSET
    corrections: tuple[SaleCorrection, ...] | UnsetType = UNSET


def answer(
    *,
    sale_id: str,
    status: SaleStatus,
    happened_at: datetime,
    basket: Basket,
    version: Version,
    member: str | None = None,
    facts: Facts | None = None,
    decision: Decision | None = None,
    corrections: tuple[SaleCorrection, ...] = (),
) -> SaleAnswer:
    """The answer for a sale: `facts` are the member's after the decision; both None for a guest."""
    rules = earned_by_rule(decision, version)
    tier = facts.tier if facts else None
    return SaleAnswer(
        sale_id=sale_id,
        status=status,
        member=member,
        happened_at=happened_at,
        paid_minor=total_paid(basket),
        currency=basket.currency or version.programme.currency,
        totals=totals_of(basket, decision),
        offers=offers_given(decision),
        gifts=gifts_given(decision),
        paid_with_points=paid_with_points(decision),
        points_earned=sum(rule.points for rule in rules),
        earned=rules,
        vouchers=vouchers_given(decision, _own_currency(version, basket)) if decision else (),
        balances=balances(version, facts) if facts else (),
        tier_before=_tier_before(decision, tier),
        tier=tier,
        tiers=tier_views(facts) if facts else (),
        next_tier=next_tier(version.programme, facts, facts.as_of) if facts else None,
        achievements=badges_reached(decision),
        messages=messages_shown(version, decision, facts.profile if facts else Profile()),
        refusals=decision.refusals if decision else (),
        programme=ProgrammeUsed(version.code, version.version),
        counted=counted_as(version.programme, basket) or UNSET,
        corrections=corrections or UNSET,
    )


def earned_by_rule(decision: Decision | None, version: Version) -> tuple[EarnedByRule, ...]:
    """`version`: the one that decided."""
    payers = prepared(version.programme).funded_by
    earned = [effect for effect in _effects(decision) if isinstance(effect, RuleEarned)]
    return tuple(
        EarnedByRule(each.rule, each.wallet, each.points, each.cut, payers.get(each.rule, UNSET))
        for each in earned
    )


def totals_of(basket: Basket, decision: Decision | None) -> Totals:
    """The totals as they were decided, or those of a sale on which nothing of ours was given."""
    found: SaleTotals = (decision.totals if decision else None) or without_offers(basket)
    return Totals(
        found.goods, found.delivery, found.discount, found.points_paid, found.payable, found.line_discounts
    )


def offers_given(decision: Decision | None) -> tuple[OfferGiven, ...]:
    return tuple(_offer(effect) for effect in _effects(decision) if isinstance(effect, DiscountGiven))


def gifts_given(decision: Decision | None) -> tuple[GiftView, ...]:
    gifts = [effect for effect in _effects(decision) if isinstance(effect, GiftGiven)]
    return tuple(GiftView(each.offer, each.kind, each.what, each.quantity) for each in gifts)


def paid_with_points(decision: Decision | None) -> tuple[PaidWithWallet, ...]:
    paid = [effect for effect in _effects(decision) if isinstance(effect, PaidWithPoints)]
    return tuple(PaidWithWallet(each.wallet, each.points, each.amount_minor) for each in paid)


def badges_reached(decision: Decision | None) -> tuple[BadgeReached, ...]:
    reached = [effect for effect in _effects(decision) if isinstance(effect, AchievementReached)]
    return tuple(BadgeReached(each.achievement, each.times) for each in reached)


def messages_shown(version: Version, decision: Decision | None, member: Profile) -> tuple[MessageView, ...]:
    """Messages of the programme, and of offers, which bring their text."""
    texts = {message.code: message.text for message in version.programme.messages}
    languages = version.programme.languages_of(member.language, member.country)
    shown = [effect for effect in _effects(decision) if isinstance(effect, MessageShown)]
    named = [(each, each.text or texts.get(each.message, {})) for each in shown]
    return tuple(
        MessageView(
            each.message, each.place, dict(text), called(text, each.message, *languages) if languages else UNSET
        )
        for each, text in named
    )


def _own_currency(version: Version, basket: Basket) -> str | UnsetType:
    """The programme's currency where the sale is in another."""
    return version.programme.currency if basket.currency else UNSET


def vouchers_given(decision: Decision, currency: str | UnsetType = UNSET) -> tuple[VouchersGiven, ...]:
    return tuple(
        VouchersGiven(effect.conversion, effect.count, effect.amount_minor, effect.expires_on, currency)
        for effect in decision.effects
        if isinstance(effect, VouchersIssued)
    )


def balances(version: Version, facts: Facts) -> tuple[WalletBalance, ...]:
    """Points usable on the day of the facts and those pending, one per wallet of the programme, zeros too."""
    return tuple(
        WalletBalance(
            wallet.code,
            points_usable(facts.lots, wallet.code, facts.as_of),
            points_pending(facts.lots, wallet.code, facts.as_of),
        )
        for wallet in version.programme.wallets
    )


def _effects(decision: Decision | None) -> Iterable[object]:
    return decision.effects if decision else ()


def _tier_before(decision: Decision | None, tier: str | None) -> str | None:
    changes = [effect for effect in _effects(decision) if isinstance(effect, TierChanged)]
    return next((change.before for change in changes if change.family == MAIN), tier)


def _offer(given: DiscountGiven) -> OfferGiven:
    lines = tuple(LineDiscount(place + 1, amount) for place, amount in given.lines)
    amount = sum(each.amount_minor for each in lines) + given.delivery
    return OfferGiven(given.offer, given.coupon, given.times, amount, lines, given.delivery)
