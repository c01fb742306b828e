"""A sale's decision in words: a few lines for the receipt, and everything for who answers questions."""

from collections.abc import Iterator, Sequence

from cagnotte.channels.wording.speech import N_, Nn_, Speech
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    AchievementReached,
    DiscountGiven,
    MessageShown,
    RuleEarned,
    TierChanged,
    VouchersIssued,
)
from cagnotte.domain.evaluator.explain import RuleExplained, RuleOutcome
from cagnotte.domain.evaluator.explain_offers import OfferExplained
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.missing import Unlocked, UnlockKind
from cagnotte.domain.offers.values import OfferReason
from cagnotte.domain.points.lots import points_pending, points_usable
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import Programme, called
from cagnotte.domain.rules import Clause

_FIRST_MISSING = 2  # things within reach that a receipt tells of

OUTCOMES: dict[RuleOutcome, str] = {
    RuleOutcome.EARNED: N_("The rule applies."),
    RuleOutcome.NOT_MET: N_("The rule does not apply: its condition is not met."),
    RuleOutcome.NO_POINTS: N_("The rule applies, but its formula gives no point for this sale."),
    RuleOutcome.NOTHING_PAID: N_("A sale of which nothing remains to be paid earns nothing and takes nothing."),
    RuleOutcome.CLOSED: N_("The rule does not apply now: its dates, its hours or its coupon do not allow it."),
    RuleOutcome.NO_LINES: N_("The rule does not apply: no line of the sale is one that it looks at."),
    RuleOutcome.LOST: N_("The rule applies, but another rule of its group gives more."),
    RuleOutcome.CAPPED: N_("The rule applies, but its cap is used up."),
}


REASONS: dict[OfferReason, str] = {
    OfferReason.NOT_BEGUN: N_("The offer has not begun yet."),
    OfferReason.ENDED: N_("The offer has ended."),
    OfferReason.NOT_DURING: N_("The offer does not hold on this day or at this hour."),
    OfferReason.COUPON_MISSING: N_("The offer asks for a code that did not come with the sale."),
    OfferReason.CONDITION: N_("The offer's condition is not met."),
    OfferReason.NO_LINES: N_("No article of the sale is one that the offer is about."),
    OfferReason.LIMIT_REACHED: N_("The offer was given as often as its limit allows."),
    OfferReason.BUDGET_SPENT: N_("The offer's budget is spent."),
    OfferReason.NOTHING_TO_GIVE: N_("The offer holds, but takes nothing off this sale."),
}
_MORE: dict[OfferReason, tuple[str, str]] = {
    OfferReason.BUY_MORE: Nn_("%(number)s article more is missing.", "%(number)s articles more are missing."),
    OfferReason.MORE_PRODUCTS: Nn_(
        "%(number)s other article is missing.", "%(number)s different articles more are missing."
    ),
}


class Telling:
    """Sentences about one programme in one language; amounts in the sale's `currency` ("": the programme's)."""

    def __init__(
        self, programme: Programme, speech: Speech, *, currency: str = "", languages: tuple[str, ...] = ()
    ) -> None:
        self.programme = programme
        self.speech = speech
        self.currency = currency or programme.currency
        self.languages = languages or (speech.language,)
        self._names: dict[str, dict[str, str]] = {wallet.code: wallet.name for wallet in programme.wallets}
        self._names |= {rule.code: rule.name for rule in programme.earn}
        self._names |= {tier.code: tier.name for tier in programme.tiers}
        self._names |= {conversion.code: conversion.name for conversion in programme.conversions}
        self._names |= {offer.code: offer.name for offer in programme.offers}
        self._names |= {achievement.code: achievement.name for achievement in programme.achievements}

    def name(self, code: str) -> str:
        return called(self._names.get(code, {}), code, *self.languages)

    def amount(self, minor: int) -> str:
        return self.speech.amount(minor, self.currency, DECIMALS[self.currency])

    def receipt(self, decision: Decision, after: Facts, missing: Sequence[Unlocked] = ()) -> list[str]:
        """What a member reads at the end of the receipt; `after`: the facts after the decision."""
        sentences = [*self._given(decision), *self._standing(after)]
        return [*sentences, *(self.within_reach(each) for each in missing[:_FIRST_MISSING])]

    def support(self, rules: Sequence[RuleExplained], missing: Sequence[Unlocked] = ()) -> list[str]:
        """Every rule with the values that it compared, then everything within reach."""
        told = [line for rule in rules for line in self._rule(rule)]
        return [*told, *(self.within_reach(each) for each in missing)]

    def offers(self, offers: Sequence[OfferExplained]) -> list[str]:
        """Every offer: what it takes off, or why it was not given."""
        return [line for offer in offers for line in self._offer(offer)]

    def within_reach(self, unlocked: Unlocked) -> str:
        """What an addition to the basket would unlock."""
        if unlocked.articles:
            return self.speech.count(
                Nn_("%(number)s article more for “%(what)s”.", "%(number)s articles more for “%(what)s”."),
                unlocked.articles,
                what=self.name(unlocked.code),
            )
        like = ", ".join(f"{field} “{value}”" for field, value in unlocked.like)
        values = {"amount": self.amount(unlocked.amount_minor), "what": self.name(unlocked.code), "like": like}
        if unlocked.kind is UnlockKind.TIER:
            return self._say(
                N_("%(amount)s more and you reach the status “%(what)s”."),
                N_("%(amount)s more of %(like)s and you reach the status “%(what)s”."),
                values,
            )
        if unlocked.kind is UnlockKind.VOUCHER:
            return self._say(
                N_("%(amount)s more and you get “%(what)s”."),
                N_("%(amount)s more of %(like)s and you get “%(what)s”."),
                values,
            )
        if unlocked.saving_minor:
            values["saving"] = self.amount(unlocked.saving_minor)
            return self._say(
                N_("%(amount)s more and “%(what)s” takes %(saving)s off."),
                N_("%(amount)s more of %(like)s and “%(what)s” takes %(saving)s off."),
                values,
            )
        values["points"] = self.speech.number(unlocked.points)
        return self._say(
            N_("%(amount)s more and “%(what)s” gives you %(points)s points."),
            N_("%(amount)s more of %(like)s and “%(what)s” gives you %(points)s points."),
            values,
        )

    def _say(self, anything: str, like: str, values: dict[str, str]) -> str:
        if values["like"]:
            return self.speech.say(like, **values)
        return self.speech.say(anything, **{name: value for name, value in values.items() if name != "like"})

    def _given(self, decision: Decision) -> Iterator[str]:
        points = sum(effect.points for effect in decision.effects if isinstance(effect, RuleEarned))
        if points > 0:
            yield self.speech.count(
                Nn_(
                    "You earn %(number)s point with this purchase.",
                    "You earn %(number)s points with this purchase.",
                ),
                points,
            )
        for effect in decision.effects:
            match effect:
                case DiscountGiven(offer=offer, lines=lines, delivery=delivery):
                    saving = self.amount(sum(minor for _, minor in lines) + delivery)
                    yield self.speech.say(N_("“%(what)s”: %(saving)s off."), what=self.name(offer), saving=saving)
                case VouchersIssued(conversion=code):
                    yield self.speech.say(N_("You get “%(what)s”."), what=self.name(code))
                case TierChanged(after=after) if after is not None:
                    yield self.speech.say(N_("Your status is now “%(what)s”."), what=self.name(after))
                case AchievementReached(achievement=code):
                    yield self.speech.say(N_("Well done: “%(what)s”."), what=self.name(code))
                case MessageShown():
                    yield self._message(effect)
                case _:
                    pass

    def _message(self, shown: MessageShown) -> str:
        texts = {message.code: message.text for message in self.programme.messages}
        return called(shown.text or texts.get(shown.message, {}), shown.message, *self.languages)

    def _standing(self, after: Facts) -> Iterator[str]:
        for wallet in self.programme.wallets:
            usable = points_usable(after.lots, wallet.code, after.as_of)
            pending = points_pending(after.lots, wallet.code, after.as_of)
            values = {"wallet": self.name(wallet.code), "points": self.speech.number(usable)}
            if pending:
                values["pending"] = self.speech.number(pending)
                yield self.speech.say(N_("%(wallet)s: %(points)s, and %(pending)s to come."), **values)
            else:
                yield self.speech.say(N_("%(wallet)s: %(points)s."), **values)

    def _rule(self, rule: RuleExplained) -> Iterator[str]:
        yield self.speech.count(
            Nn_("“%(what)s”: %(number)s point.", "“%(what)s”: %(number)s points."),
            rule.points,
            what=self.name(rule.rule),
        )
        yield "  " + self.speech.say(OUTCOMES[rule.outcome])
        for clause in rule.clauses:
            yield "  " + self._clause(clause)
        if rule.lost_to:
            yield "  " + self.speech.say(
                N_("“%(winner)s” gives more; this rule alone would have given %(points)s points."),
                winner=self.name(rule.lost_to),
                points=self.speech.number(rule.would_give),
            )
        if rule.cut:
            yield "  " + self.speech.say(
                N_("The cap “%(cap)s” took %(points)s points away."),
                cap=rule.capped_by,
                points=self.speech.number(rule.cut),
            )

    def _offer(self, offer: OfferExplained) -> Iterator[str]:
        name = self.name(offer.offer)
        if offer.is_given:
            yield self.speech.say(N_("“%(what)s”: %(saving)s off."), what=name, saving=self.amount(offer.saving))
        else:
            yield self.speech.say(N_("“%(what)s”: not given."), what=name)
            yield "  " + self._reason(offer)
        for clause in offer.clauses:
            yield "  " + self._clause(clause)

    def _reason(self, offer: OfferExplained) -> str:
        match offer.reason:
            case OfferReason.SPEND_MORE | OfferReason.NEXT_STEP:
                return self.speech.say(N_("%(amount)s more is missing."), amount=self.amount(offer.missing))
            case OfferReason.BUY_MORE | OfferReason.MORE_PRODUCTS:
                return self.speech.count(_MORE[offer.reason], offer.missing)
            case OfferReason.LOST:
                return self.speech.say(
                    N_("%(winners)s was given instead; this offer alone would have taken %(saving)s off."),
                    winners=", ".join(f"“{self.name(code)}”" for code in offer.lost_to),
                    saving=self.amount(offer.alone),
                )
            case None:
                raise AssertionError(offer)
            case reason:
                return self.speech.say(REASONS[reason])

    def _clause(self, clause: Clause) -> str:
        compared = ", ".join(f"{name} = {value}" for name, value in clause.values if name != clause.text)
        values = {"condition": clause.text, "values": compared or clause.text}
        if clause.holds:
            return self.speech.say(N_("met: %(condition)s (%(values)s)"), **values)
        return self.speech.say(N_("not met: %(condition)s (%(values)s)"), **values)
