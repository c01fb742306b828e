"""Effects added up to figures. Nothing is judged here."""

from collections import Counter

import msgspec

from cagnotte.application.trials.found import LotFound, TierMove, VoucherFound
from cagnotte.application.trials.playing import Decided
from cagnotte.application.trials.values import written_amount
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    AchievementReached,
    DebtMoved,
    DiscountGiven,
    DrawReason,
    Effect,
    GiftGiven,
    HoldEnded,
    LinesReturned,
    LotOpened,
    LotsDrawn,
    LotSource,
    LotsRefilled,
    LotsReleased,
    MembershipSet,
    MessageShown,
    PointsForgiven,
    PointsFunded,
    PointsSold,
    RefillOf,
    RuleEarned,
    TierChanged,
    TierPassed,
    VoucherGiven,
    VouchersIssued,
)
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import Programme

_BY_HAND = frozenset({LotSource.GIVEN, LotSource.MIGRATED, LotSource.BOUGHT})


class Adding:
    """Sums over the effects of one member, of sales in one `currency` ("": the programme's)."""

    def __init__(self, programme: Programme, currency: str) -> None:
        self.decimals = DECIMALS[currency or programme.currency]
        self.own_decimals = DECIMALS[programme.currency]
        self.known_offers = frozenset(offer.code for offer in programme.offers)
        self.by_rule, self.by_wallet, self.cut = Counter[str](), Counter[str](), Counter[str]()
        self.drawn = Counter[DrawReason]()
        self.opened, self.refilled = Counter[LotSource](), Counter[RefillOf]()
        self.owed = Counter[str]()  # by the step's word
        self.vouchers, self.gifts, self.discounts = Counter[str](), Counter[str](), Counter[str]()
        self.offers: dict[str, None] = {}
        self.sums = Counter[str]()
        self.lots: list[LotFound] = []
        self.issued: list[VoucherFound] = []
        self.moves: list[TierMove] = []
        self.funded = Counter[str]()
        self.clawbacks: list[int] = []
        self.messages: list[str] = []
        self.reached: list[str] = []
        self.announced: list[str] = []

    def decision(self, decided: Decided) -> None:
        clawed = Counter[str]()
        for effect in decided.decision.effects:
            self._add(effect)
            if isinstance(effect, LotsDrawn) and effect.reason is DrawReason.CLAWBACK:
                clawed[effect.wallet] += sum(draw.points for draw in effect.draws)
            if isinstance(effect, DebtMoved) and effect.points > 0:
                self.owed[decided.kind] += effect.points
                if decided.kind == "return":
                    clawed[effect.wallet] += effect.points
        self.clawbacks += [-points for points in clawed.values()]
        if decided.kind == "return" and not any(isinstance(e, LinesReturned) for e in decided.decision.effects):
            self._take_gift(decided.decision, clawed)

    def figures(self) -> dict[str, object]:
        earned = sum(self.by_rule.values()) + self.sums["given"]
        return {
            "points": earned,
            "points_by_rule": dict(self.by_rule),
            "points_by_wallet": dict(self.by_wallet),
            "points_cut": dict(self.cut),
            "lots": tuple(self.lots),
            "offer_discounts": {code: self._amount(minor) for code, minor in self.discounts.items()},
            "offers": tuple(self.offers),
            "refund": self._amount(self.sums["refund"]),
            "messages": tuple(self.messages),
            "gifts": dict(self.gifts),
            "vouchers": dict(self.vouchers),
            "vouchers_issued": tuple(self.issued),
            "achievements": tuple(self.reached),
            "tier_changes": tuple(self.moves),
            "tiers_announced": tuple(self.announced),
            "burned": self.drawn[DrawReason.BURN] + self.owed["burn"],
            "converted": self.drawn[DrawReason.CONVERSION],
            "paid_with_points": self.drawn[DrawReason.PAYMENT] + self.owed["sale"],
            "expired": self.drawn[DrawReason.EXPIRY],
            "taken": self.drawn[DrawReason.ADJUSTMENT] + self.owed["debit"],
            "clawback_entries": tuple(self.clawbacks),
            "forgiven": self.sums["forgiven"],
            "given_back": self.opened[LotSource.GIVEN_BACK] + self.refilled[RefillOf.SPENT],
            "released": self.sums["released"],
            "held": self.drawn[DrawReason.HOLD],
            "confirmed": self.sums["confirmed"],
            "freed": self.refilled[RefillOf.HELD],
            "sent": self.drawn[DrawReason.SENT],
            "received": self.opened[LotSource.RECEIVED],
            "pooled": self.drawn[DrawReason.POOLED],
            "from_pool": self.opened[LotSource.FROM_POOL],
            "exchanged": self.drawn[DrawReason.EXCHANGE],
            "bought": self.opened[LotSource.BOUGHT],
            "funded": dict(self.funded),
            "price": written_amount(self.sums["price"], self.own_decimals),
            "reinstated": self.refilled[RefillOf.EXPIRED],
            "fee": written_amount(self.sums["fee"], self.own_decimals),
        }

    def _add(self, effect: Effect) -> None:  # noqa: PLR0912, PLR0915 - one plain list
        match effect:
            case RuleEarned(rule=rule, wallet=wallet, points=points, cut=cut):
                self.by_rule[rule] += points
                if rule in self.known_offers:
                    self.offers[rule] = None
                self.by_wallet[wallet] += points
                if cut:
                    self.cut[rule] += cut
            case LotOpened(lot=lot, source=source):
                self.lots.append(lot_found(lot, source))
                if source in _BY_HAND:
                    self.sums["given"] += lot.points_open
                    self.by_wallet[lot.wallet] += lot.points_open
                self.opened[source] += lot.points_open
            case LotsDrawn(reason=reason, draws=draws):
                self.drawn[reason] += sum(draw.points for draw in draws)
            case LotsRefilled(draws=draws, of=of):
                self.refilled[of] += sum(draw.points for draw in draws)
            case HoldEnded(points=points):
                self.sums["confirmed"] += points
            case PointsSold(amount_minor=minor):
                self.sums["price"] += minor
            case LotsReleased(lots=lots):
                self.sums["released"] += sum(lot.points_open for lot in lots)
            case PointsForgiven(points=points):
                self.sums["forgiven"] += points
            case VouchersIssued() as issued:
                self._voucher(issued.conversion, issued)
            case VoucherGiven() as issued:
                self.offers[issued.offer] = None
                self._voucher(issued.offer, issued)
            case TierChanged() as move:
                self.moves.append(TierMove(move.before, move.after, move.family, move.on, move.cause.value))
            case TierPassed(tier=tier):
                self.announced.append(tier)
            case AchievementReached(achievement=achievement, times=times):
                self.reached += [achievement] * times
            case DiscountGiven(offer=offer, lines=lines, delivery=delivery):
                self.offers[offer] = None
                self.discounts[offer] += sum(minor for _, minor in lines) + delivery
            case GiftGiven(offer=offer, what=what, quantity=quantity, choices=choices):
                self.offers[offer] = None
                self.gifts[what or " | ".join(choices)] += quantity
            case MessageShown(message=message):
                self.messages.append(message)
            case MembershipSet(fee_minor=fee):
                self.sums["fee"] += fee
            case PointsFunded(partner=partner, points=points):
                self.funded[partner] += points
            case LinesReturned(refund_minor=refund):
                self.sums["refund"] += refund
            case _:
                pass

    def _take_gift(self, decision: Decision, clawed: Counter[str]) -> None:
        """Points given by hand that were taken back: no rule tells of them."""
        taken = clawed + Counter(
            {effect.wallet: effect.points for effect in decision.effects if isinstance(effect, PointsForgiven)}
        )
        for wallet, points in taken.items():
            self.sums["given"] -= points
            self.by_wallet[wallet] -= points

    def _voucher(self, given_by: str, issued: VouchersIssued | VoucherGiven) -> None:
        self.vouchers[given_by] += issued.count
        decimals = self.own_decimals if isinstance(issued, VouchersIssued) else self.decimals
        amount = written_amount(issued.amount_minor, decimals)
        if issued.count > 0:
            self.issued.append(VoucherFound(given_by, issued.count, amount, issued.issued_on, issued.expires_on))
        else:
            self._take_vouchers(given_by, amount, -issued.count)

    def _take_vouchers(self, given_by: str, amount: str, count: int) -> None:
        """A return takes vouchers back, the last issued first; of a return alone there is none to take."""
        for number in reversed(range(len(self.issued))):
            voucher = self.issued[number]
            if (voucher.conversion, voucher.amount) == (given_by, amount):
                taken = min(voucher.count, count)
                count -= taken
                self.issued[number] = msgspec.structs.replace(voucher, count=voucher.count - taken)
        self.issued = [voucher for voucher in self.issued if voucher.count]

    def _amount(self, minor: int) -> str:
        return written_amount(minor, self.decimals)


def lot_found(lot: Lot, source: LotSource | None = None) -> LotFound:
    return LotFound(
        points=int(lot.points_open),
        wallet=lot.wallet,
        earned=lot.earned_on,
        usable_from=lot.usable_from,
        expires=lot.expires_on,
        awaits=lot.awaits,
        source=source.value if source else None,
    )
