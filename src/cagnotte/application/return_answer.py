"""What a till is told of a return. The API's JSON answer is this struct."""

from collections import Counter
from datetime import datetime
from typing import Annotated

import msgspec

from cagnotte.application.kept_sales import KeptSale
from cagnotte.application.published import Version
from cagnotte.application.sale_answer import (
    EarnedByRule,
    GiftView,
    OfferGiven,
    ProgrammeUsed,
    SaleCorrection,
    WalletBalance,
    balances,
    earned_by_rule,
    gifts_given,
    offers_given,
)
from cagnotte.domain.evaluator.decision import Decision, Refusal, RefusalCode
from cagnotte.domain.evaluator.effects import (
    DebtMoved,
    DrawReason,
    LinesReturned,
    LotsDrawn,
    LotsRefilled,
    PointsForgiven,
    RuleEarned,
)
from cagnotte.domain.evaluator.events import Return
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.returns import returned_so_far


class LineReturned(msgspec.Struct, frozen=True):
    """So many articles of the line of that number, from 1."""

    line: int
    quantity: int


class LineRefunded(msgspec.Struct, frozen=True):
    """What was refunded of the line of that number, from 1, without any of its articles."""

    line: int
    amount_minor: int


class PointsReturned(msgspec.Struct, frozen=True):
    """What a return moved in one wallet.

    `taken_back`: of what the sale had earned; `owed` of it is paid by the next earn. `forgiven`: what the member
    had spent and the wallet lets go. `given_back`: of what had paid. `expired`: what had ended before, so that
    there was nothing to take.
    """

    wallet: str
    taken_back: int
    owed: int
    forgiven: int
    given_back: int
    expired: int = 0


class ReturnAnswer(msgspec.Struct, frozen=True):
    """What came back, and what followed; when it was refused nothing was posted and `refusals` say why.

    `lines`: of this return. `refunds`: of a refund without goods, what is taken off each line. `is_whole`: all of
    the sale has come back by now. `refund_minor`: what the member gets, in `currency`, the sale's. `earned`,
    `offers`, `gifts`: what changes, below 0 where it is taken back. A guest (`member` null) has no points.
    `version`: of the member's books. `corrections`: of a return that arrived late, what it changed of the sales
    after it.
    """

    sale_id: str
    return_id: str | None
    is_void: bool
    member: str | None
    happened_at: Annotated[datetime, msgspec.Meta(tz=True)]
    lines: tuple[LineReturned, ...]
    is_whole: bool
    refund_minor: int
    currency: str
    earned: tuple[EarnedByRule, ...]
    points: tuple[PointsReturned, ...]
    offers: tuple[OfferGiven, ...]
    gifts: tuple[GiftView, ...]
    balances: tuple[WalletBalance, ...]
    tier: str | None
    refusals: tuple[Refusal, ...]
    programme: ProgrammeUsed | None
    version: int
    corrections: tuple[SaleCorrection, ...] = ()
    refunds: tuple[LineRefunded, ...] = ()


def unknown_sale(sale_id: str, at: datetime, *, is_void: bool) -> ReturnAnswer:
    """The answer while no such sale is recorded."""
    return ReturnAnswer(
        sale_id=sale_id,
        return_id=None,
        is_void=is_void,
        member=None,
        happened_at=at,
        lines=(),
        is_whole=False,
        refund_minor=0,
        currency="",
        earned=(),
        points=(),
        offers=(),
        gifts=(),
        balances=(),
        tier=None,
        refusals=(Refusal(RefusalCode.UNKNOWN_SALE, sale_id),),
        programme=None,
        version=0,
    )


def return_answer(
    kept: KeptSale,
    event: Return,
    decision: Decision,
    *,
    at: datetime,
    is_void: bool,
    member: str | None = None,
    facts: Facts | None = None,
    current: Version | None = None,
    books: int = 0,
    corrections: tuple[SaleCorrection, ...] = (),
) -> ReturnAnswer:
    """`facts`: the member's afterwards, told by the wallets of the version `current`; None for a guest."""
    back = next((effect for effect in decision.effects if isinstance(effect, LinesReturned)), None)
    return ReturnAnswer(
        sale_id=kept.external_id,
        return_id=None if back is None else str(event.event_id),
        is_void=is_void,
        member=member,
        happened_at=at,
        lines=tuple(LineReturned(place + 1, quantity) for place, quantity in (back.lines if back else ())),
        is_whole=_is_whole(event, decision),
        refund_minor=back.refund_minor if back else 0,
        currency=event.taken.sale.basket.currency or kept.version.programme.currency,
        earned=earned_by_rule(decision, kept.version),
        points=points_returned(decision),
        offers=offers_given(decision),
        gifts=gifts_given(decision),
        balances=balances(current, facts) if current and facts else (),
        tier=facts.tier if facts else None,
        refusals=decision.refusals,
        programme=ProgrammeUsed(kept.version.code, kept.version.version),
        version=books,
        corrections=corrections,
        refunds=tuple(LineRefunded(place + 1, minor) for place, minor in (back.amounts if back else ())),
    )


def points_returned(decision: Decision) -> tuple[PointsReturned, ...]:
    """By wallet, in order of their codes; what was drawn from lots and what became a debt was taken back."""
    drawn, owed, forgiven, given_back = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    less = Counter[str]()
    for effect in decision.effects:
        match effect:
            case LotsDrawn(wallet=wallet, reason=DrawReason.CLAWBACK, draws=draws):
                drawn[wallet] += sum(draw.points for draw in draws)
            case DebtMoved(wallet=wallet, points=points) if points > 0:
                owed[wallet] += points
            case PointsForgiven(wallet=wallet, points=points):
                forgiven[wallet] += points
            case RuleEarned(wallet=wallet, points=points):
                less[wallet] -= points
            case LotsRefilled(wallet=wallet, draws=draws):
                given_back[wallet] += sum(draw.points for draw in draws)
            case _:
                pass
    expired = less - drawn - owed - forgiven  # counts below 0 are dropped: a badge that is lost is drawn too
    wallets = sorted({*drawn, *owed, *forgiven, *given_back, *expired})
    return tuple(
        PointsReturned(w, drawn[w] + owed[w], owed[w], forgiven[w], given_back[w], expired[w]) for w in wallets
    )


def _is_whole(event: Return, decision: Decision) -> bool:
    """Whether, with this return, every article that was sold has come back."""
    taken = msgspec.structs.replace(event.taken, decisions=(*event.taken.decisions, decision))
    back = returned_so_far(taken)
    sold = event.taken.sale.basket.lines
    return bool(back) and all(back.get(n, 0) >= line.quantity for n, line in enumerate(sold) if line.quantity > 0)
