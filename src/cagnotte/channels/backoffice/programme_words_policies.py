"""What a programme decides otherwise than we do by default: what counts for earning, rounding, returns."""

from django.utils.translation import gettext

from cagnotte.channels.backoffice.programme_words_shape import Item, item, period, say
from cagnotte.channels.wording import N_
from cagnotte.domain.earning.terms import (
    BothMatch,
    Combine,
    EarnPolicy,
    Mode,
    MultiplyOn,
    Price,
    RoundedPer,
    Rounding,
    TierOf,
)
from cagnotte.domain.programme.document import LateCorrection, LatePolicy, ReturnedPoints, ReturnPolicy, SpentBack

_MODES = {
    Mode.DOWN: N_("rounded down"),
    Mode.HALF_UP: N_("rounded to the nearest, halves up"),
    Mode.HALF_EVEN: N_("rounded to the nearest, halves to the even number"),
    Mode.UP: N_("rounded up"),
}
_PER = {
    RoundedPer.RULE: N_("Points are %(rounded)s, each rule on its own."),
    RoundedPer.LINE: N_("Points are %(rounded)s, each line on its own."),
    RoundedPer.SALE: N_("Points are %(rounded)s, once, on the sum of all rules of a kitty."),
}
_COMBINE = {
    Combine.ADD: N_("×2 and ×3 on the same points give ×4."),
    Combine.MULTIPLY: N_("×2 and ×3 on the same points give ×6."),
    Combine.BEST: N_("×2 and ×3 on the same points give ×3: only the best counts."),
}
_BOTH = {
    BothMatch.EXCLUDE: N_("A line that both conditions name does not earn."),
    BothMatch.INCLUDE: N_("A line that both conditions name earns."),
}


def earning(policy: EarnPolicy) -> list[Item]:
    """What the policy of earning says otherwise than our defaults, by subject; nothing when it says none."""
    return [each for each in (_base(policy), _lines(policy), _arithmetic(policy), _clock(policy)) if each.sentence]


_SHARE_TAKEN = {
    Mode.UP: N_("A return takes back the share of the sale’s points that its lines had, rounded up."),
    Mode.DOWN: N_("A return takes back the share of the sale’s points that its lines had, rounded down."),
    Mode.HALF_UP: N_(
        "A return takes back the share of the sale’s points that its lines had, rounded to the nearest, halves up."
    ),
    Mode.HALF_EVEN: N_(
        "A return takes back the share of the sale’s points that its lines had, rounded to the nearest, halves to "
        "the even number."
    ),
}


def returns(policy: ReturnPolicy) -> list[Item]:
    said = [
        say(_SHARE_TAKEN[policy.rounding]) if policy.points is ReturnedPoints.IN_PROPORTION else "",
        say("A return takes points back once all of the sale has come back, not before.")
        if policy.points is ReturnedPoints.WHEN_WHOLE
        else "",
        say("A return takes back no points of rules and offers.") if policy.points is ReturnedPoints.KEPT else "",
        "" if policy.give_back_spent else say("Points that paid for the returned lines do not come back."),
        say("Points that paid come back once all of the sale has come back.")
        if policy.spent is SpentBack.WHEN_WHOLE
        else "",
        ""
        if policy.spent_lives is None
        else say("Those that would have ended meanwhile live for %(period)s.", period=period(policy.spent_lives)),
        "" if policy.give_back_uses else say("Limits and coupons that the sale used stay used."),
    ]
    return [item({}, say("Returns"), said)] if any(said) else []


def late(policy: LatePolicy) -> list[Item]:
    if policy.correct is LateCorrection.NEVER:
        return [item({}, say("What arrives late"), [say("A sale that arrives late corrects no other sale.")])]
    if policy == LatePolicy():
        return []
    said = say("A sale that arrives within %(period)s corrects the sales after it.", period=period(policy.within))
    return [item({}, say("What arrives late"), [said])]


def rounding(policy: Rounding) -> str:
    return say(_PER[policy.per], rounded=gettext(_MODES[policy.mode]))


def _base(policy: EarnPolicy) -> Item:
    said = [
        say("Points are earned on the list price.") if policy.price is Price.LIST else "",
        "" if policy.tax_included else say("Tax does not count."),
        "" if policy.after_offers else say("The amount before our offers counts."),
        "" if policy.after_points_payment else say("What points paid counts too."),
        say("Delivery counts.") if policy.delivery_counts else "",
        ""
        if policy.order_discount_spread
        else say("A discount on the whole order leaves what the lines earn as it is."),
    ]
    return item({}, say("The amount that counts"), said)


def _lines(policy: EarnPolicy) -> Item:
    said = [
        say("Lines that meet the condition of the exclusion never earn.") if policy.exclude else "",
        say("Only lines that meet the condition of the inclusion earn.") if policy.include else "",
        gettext(_BOTH[policy.both_match]) if policy.exclude and policy.include else "",
    ]
    rules = ((N_("Exclusion"), policy.exclude), (N_("Inclusion"), policy.include))
    return item({}, say("The lines that count"), said, rules)


def _arithmetic(policy: EarnPolicy) -> Item:
    said = [
        rounding(policy.rounding) if policy.rounding != Rounding() else "",
        say("Multipliers work on exact fractions of points, before rounding.")
        if policy.multiply_on is MultiplyOn.EXACT
        else "",
        say("Fixed bonuses are multiplied too.") if policy.multiply_fixed else "",
        gettext(_COMBINE[policy.combine]) if policy.combine is not Combine.ADD else "",
    ]
    return item({}, say("Rounding and multipliers"), said)


def _clock(policy: EarnPolicy) -> Item:
    said = [
        say("Rules see the status that the sale itself leads to.") if policy.tier is TierOf.AFTER else "",
        say("The instant at which something ends still counts.") if policy.ends_inclusive else "",
    ]
    return item({}, say("Status and ends"), said)
