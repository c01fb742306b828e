"""What a till is told of a sale, evaluated or recorded. The API's JSON answer is this struct."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from cagnotte.application.published import Version
from cagnotte.domain.evaluator.values import Decision, Facts, Refusal, RuleEarned, TierChanged, VouchersIssued
from cagnotte.domain.points.lots import points_usable
from cagnotte.domain.tiers.qualification import Missing, missing_to_next


class SaleStatus(StrEnum):
    EVALUATED = "evaluated"  # nothing was written
    RECORDED = "recorded"


class EarnedByRule(msgspec.Struct, frozen=True):
    rule: str
    wallet: str
    points: int


class WalletBalance(msgspec.Struct, frozen=True):
    """Points usable on the day of the answer."""

    wallet: str
    points: int


class VouchersGiven(msgspec.Struct, frozen=True):
    """`count` vouchers of `amount_minor` each; `expires_on` is the first day they cannot be used."""

    conversion: str
    count: int
    amount_minor: int
    expires_on: date | None


class ProgrammeUsed(msgspec.Struct, frozen=True):
    code: str
    version: int


class SaleAnswer(msgspec.Struct, frozen=True):
    """Amounts are in minor units of `currency`. A guest (`member` null) earns nothing and has no balances."""

    sale_id: str
    status: SaleStatus
    member: str | None
    happened_at: Annotated[datetime, msgspec.Meta(tz=True)]
    paid_minor: int
    currency: str
    points_earned: int
    earned: tuple[EarnedByRule, ...]
    vouchers: tuple[VouchersGiven, ...]
    balances: tuple[WalletBalance, ...]
    tier_before: str | None
    tier: str | None
    next_tier: Missing | None
    refusals: tuple[Refusal, ...]
    programme: ProgrammeUsed


def answer(
    *,
    sale_id: str,
    status: SaleStatus,
    happened_at: datetime,
    paid_minor: int,
    version: Version,
    member: str | None = None,
    facts: Facts | None = None,
    decision: Decision | None = None,
) -> SaleAnswer:
    """The answer for a sale: `facts` are the member's after the decision; both None for a guest."""
    programme = version.programme
    effects = decision.effects if decision else ()
    rules = tuple(
        EarnedByRule(effect.rule, effect.wallet, effect.points)
        for effect in effects
        if isinstance(effect, RuleEarned)
    )
    changes = [effect for effect in effects if isinstance(effect, TierChanged)]
    tier = facts.tier if facts else None
    return SaleAnswer(
        sale_id=sale_id,
        status=status,
        member=member,
        happened_at=happened_at,
        paid_minor=paid_minor,
        currency=programme.currency,
        points_earned=sum(rule.points for rule in rules),
        earned=rules,
        vouchers=vouchers_given(decision) if decision else (),
        balances=balances(version, facts) if facts else (),
        tier_before=changes[0].before if changes else tier,
        tier=tier,
        next_tier=missing_to_next(programme.tiers, facts.days, facts.as_of, tier) if facts else None,
        refusals=decision.refusals if decision else (),
        programme=ProgrammeUsed(version.code, version.version),
    )


def vouchers_given(decision: Decision) -> tuple[VouchersGiven, ...]:
    return tuple(
        VouchersGiven(effect.conversion, effect.count, effect.amount_minor, effect.expires_on)
        for effect in decision.effects
        if isinstance(effect, VouchersIssued)
    )


def balances(version: Version, facts: Facts) -> tuple[WalletBalance, ...]:
    """Points usable on the day of the facts, one per wallet of the programme, zeros too."""
    return tuple(
        WalletBalance(wallet.code, points_usable(facts.lots, wallet.code, facts.as_of))
        for wallet in version.programme.wallets
    )
