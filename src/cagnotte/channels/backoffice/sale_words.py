"""Why a sale gave its points, rule by rule, in the reader's language."""

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cagnotte.application.explain_sale import SaleExplained
from cagnotte.application.sale_answer import BadgeReached, OfferGiven, PaidWithWallet, VouchersGiven
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import Shop, in_words
from cagnotte.domain.evaluator.explain import RuleExplained, RuleOutcome
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.rules import Clause

_REASONS = {
    RuleOutcome.EARNED: gettext_lazy("The rule applies."),
    RuleOutcome.NOT_MET: gettext_lazy("The rule does not apply: its condition is not met."),
    RuleOutcome.NO_POINTS: gettext_lazy("The rule applies, but its formula gives no point for this sale."),
    RuleOutcome.NOTHING_PAID: gettext_lazy(
        "A sale of which nothing remains to be paid earns nothing and takes nothing."
    ),
    RuleOutcome.CLOSED: gettext_lazy(
        "The rule was not open: outside its dates, its hours, or without its coupon."
    ),
    RuleOutcome.NO_LINES: gettext_lazy("The sale holds no line that this rule looks at."),
}


class ClauseShown(msgspec.Struct, frozen=True):
    """One part of a condition; `values`: the names it compares, as `weekday = 2`."""

    text: str
    holds: bool
    verdict: str
    values: list[str]


class RuleShown(msgspec.Struct, frozen=True):
    name: str
    wallet: str
    fired: bool
    points: int
    reason: str
    clauses: list[ClauseShown]
    formula: str
    counted: str


def rules_shown(explained: SaleExplained, shop: Shop) -> list[RuleShown]:
    programme = _programme_used(explained, shop)
    return [_rule_shown(rule, programme, len(explained.lines)) for rule in explained.rules]


def outcome_sentences(explained: SaleExplained, shop: Shop) -> list[str]:
    """What the sale led to beyond its points: discounts, payment, vouchers, badges, another status."""
    sentences = [_offer_sentence(given, explained.currency, shop) for given in explained.offers]
    sentences += [_payment_sentence(paid, explained.currency, shop) for paid in explained.paid_with_points]
    sentences += [_voucher_sentence(given, shop.programme.currency) for given in explained.vouchers]
    sentences += [_badge_sentence(reached, shop) for reached in explained.achievements]
    if explained.tier_before != explained.tier_after:
        sentences.append(
            _("The status went from “%(before)s” to “%(after)s”.")
            % {"before": shop.tier(explained.tier_before), "after": shop.tier(explained.tier_after)}
        )
    return sentences


def facts_sentence(explained: SaleExplained, shop: Shop) -> str:
    """What the rules were told of the member; empty for a guest."""
    if explained.used is None:
        return ""
    return ngettext(
        "When the sale came in, the member held %(points)s point and the status “%(tier)s”.",
        "When the sale came in, the member held %(points)s points and the status “%(tier)s”.",
        explained.used.balance,
    ) % {"points": written.whole(explained.used.balance), "tier": shop.tier(explained.used.tier)}


def _programme_used(explained: SaleExplained, shop: Shop) -> Programme:
    used = explained.programme
    versions = {(each.code, each.version): each.programme for each in shop.published.versions}
    return versions.get((used.code, used.version), shop.programme)


def _rule_shown(rule: RuleExplained, programme: Programme, line_count: int) -> RuleShown:
    names = {each.code: each.name for each in programme.earn}
    return RuleShown(
        name=in_words(names.get(rule.rule, {}), rule.rule),
        wallet=in_words(programme.wallet(rule.wallet).name, rule.wallet),
        fired=rule.outcome is RuleOutcome.EARNED,
        points=rule.points,
        reason=" ".join(filter(None, (_reason(rule, programme), _who_pays(rule, programme)))),
        clauses=[_clause_shown(clause) for clause in rule.clauses],
        formula=rule.formula,
        counted=_counted(rule.lines, line_count),
    )


def _who_pays(rule: RuleExplained, programme: Programme) -> str:
    code = prepared(programme).funded_by.get(rule.rule)
    if code is None or not rule.points:
        return ""
    names = {each.code: each.name for each in programme.partners}
    return _("Paid by “%(partner)s”.") % {"partner": in_words(names.get(code, {}), code)}


def _reason(rule: RuleExplained, programme: Programme) -> str:
    names = {each.code: in_words(each.name, each.code) for each in programme.earn}
    if rule.outcome is RuleOutcome.LOST:
        values = {"winner": names.get(rule.lost_to, rule.lost_to), "points": written.whole(rule.would_give)}
        return (
            ngettext(
                "“%(winner)s” gives more and only one counts; this rule would have given %(points)s point.",
                "“%(winner)s” gives more and only one counts; this rule would have given %(points)s points.",
                rule.would_give,
            )
            % values
        )
    if rule.outcome is RuleOutcome.CAPPED:
        return _("The rule applies, but its limit is used up.")
    if rule.cut:
        return ngettext(
            "The rule applies; its limit takes %(points)s point away.",
            "The rule applies; its limit takes %(points)s points away.",
            rule.cut,
        ) % {"points": written.whole(rule.cut)}
    return str(_REASONS[rule.outcome])


def _clause_shown(clause: Clause) -> ClauseShown:
    verdict = _("met") if clause.holds else _("not met")
    return ClauseShown(clause.text, clause.holds, verdict, _compared(clause))


def _compared(clause: Clause) -> list[str]:
    """Values of the names in the condition; a part that is its own name has been said already."""
    return [f"{name} = {value}" for name, value in clause.values if name != clause.text]


def _counted(lines: tuple[int, ...] | None, line_count: int) -> str:
    if lines is None:
        return ""
    if not lines:
        return _("No line of the sale is counted.")
    if len(lines) == line_count:
        return _("Every line of the sale is counted.")
    numbers = ", ".join(map(written.whole, lines))
    return ngettext("Line %(numbers)s is counted.", "Lines %(numbers)s are counted.", len(lines)) % {
        "numbers": numbers
    }


def _offer_sentence(given: OfferGiven, currency: str, shop: Shop) -> str:
    names = {each.code: each.name for each in shop.programme.offers}
    values = {
        "offer": in_words(names.get(given.offer, {}), given.offer),
        "money": written.money(given.amount_minor, currency),
    }
    return _("The offer “%(offer)s” took %(money)s off.") % values


def _payment_sentence(paid: PaidWithWallet, currency: str, shop: Shop) -> str:
    values = {
        "points": written.whole(paid.points),
        "wallet": shop.wallet(paid.wallet),
        "money": written.money(paid.amount_minor, currency),
    }
    return (
        ngettext(
            "%(points)s point of “%(wallet)s” paid %(money)s.",
            "%(points)s points of “%(wallet)s” paid %(money)s.",
            paid.points,
        )
        % values
    )


def _badge_sentence(reached: BadgeReached, shop: Shop) -> str:
    names = {each.code: each.name for each in shop.programme.achievements}
    return _("The badge “%(badge)s” was reached.") % {
        "badge": in_words(names.get(reached.achievement, {}), reached.achievement)
    }


def _voucher_sentence(given: VouchersGiven, currency: str) -> str:
    count = {"count": written.whole(given.count), "money": written.money(given.amount_minor, currency)}
    if given.expires_on is None:
        return (
            ngettext(
                "%(count)s voucher of %(money)s was issued.",
                "%(count)s vouchers of %(money)s were issued.",
                given.count,
            )
            % count
        )
    return ngettext(
        "%(count)s voucher of %(money)s was issued, to be used before %(day)s.",
        "%(count)s vouchers of %(money)s were issued, to be used before %(day)s.",
        given.count,
    ) % {**count, "day": written.day(given.expires_on)}
