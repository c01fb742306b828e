"""Statuses and memberships in words: how they are reached, kept, lost, and bought."""

from django.utils.translation import gettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import in_words
from cagnotte.channels.backoffice.programme_words_shape import (
    CONDITION,
    Item,
    all_of,
    counted,
    item,
    money,
    period,
    quoted,
    say,
    wallet,
)
from cagnotte.channels.backoffice.programme_words_shape import tier as tier_called
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.programme.document import Plan, Programme
from cagnotte.domain.tiers.terms import MAIN, Drop, Keep, MeasuredIn, Reach, Review, Tier

_WINDOWS = {
    MeasuredIn.CALENDAR_YEAR: N_("since 1 January"),
    MeasuredIn.ANNIVERSARY: N_("since the last anniversary of joining"),
    MeasuredIn.EVER: N_("since joining"),
}
_REACHED = {
    "spend": N_("Reached by spending %(amount)s %(window)s."),
    "visits": N_("Reached by %(amount)s %(window)s."),
    "points": N_("Reached by earning %(amount)s in “%(named)s” %(window)s."),
    "measure": N_("Reached when “%(named)s” comes to %(amount)s %(window)s."),
}
_KEPT = {
    "spend": N_("Kept by spending %(amount)s %(window)s."),
    "visits": N_("Kept by %(amount)s %(window)s."),
    "points": N_("Kept by earning %(amount)s in “%(named)s” %(window)s."),
    "measure": N_("Kept when “%(named)s” comes to %(amount)s %(window)s."),
}
_REVIEWS = {
    Review.ROLLING: N_("Lost on the day on which this no longer holds."),
    Review.ANNIVERSARY: N_("Reviewed each year on the day on which it was reached."),
    Review.CALENDAR_YEAR: N_("Reviewed on 1 January; reached in a year, it is held to the end of the next."),
    Review.NEVER: N_("Never lost."),
}
_DROPS = {
    Drop.REACHED: N_("Who loses it falls to the status still reached."),
    Drop.ONE_LEVEL: N_("Who loses it falls by one level at most."),
    Drop.FULL: N_("Who loses it holds no status of the family."),
}


def of_tier(tier: Tier, programme: Programme) -> Item:
    """All that a status says."""
    keep_when = tier.keep.reach.when if tier.keep.reach else None
    rules = ((CONDITION, tier.reach.when if tier.reach else None), (N_("Condition to keep it"), keep_when))
    return item(
        tier.name,
        tier.code,
        [
            _family(tier, programme),
            _threshold(tier.reach, programme, _REACHED) if tier.reach else say("Only given, or paid."),
            *(_keep(tier.keep, programme) if tier.reach else ()),
            say("Once it was held, the member never falls below it.") if tier.floor else "",
            _given_by(tier, programme),
            _replaced(tier),
        ],
        rules,
    )


def plan(each: Plan, programme: Programme) -> Item:
    """A membership: what it costs, how long it lasts, and what it brings."""
    return item(
        each.name,
        each.code,
        [
            say("It costs %(money)s.", money=money(programme, each.fee_minor))
            if each.fee_minor
            else say("It is free."),
            say("It has no end.")
            if each.valid_for is None
            else say("It lasts %(period)s.", period=period(each.valid_for)),
            say("It brings the status “%(tier)s”.", tier=tier_called(programme, each.tier)) if each.tier else "",
            ""
            if each.renewable_from is None
            else say(
                "It can be renewed without losing a day from %(period)s before its end on.",
                period=period(each.renewable_from),
            ),
        ],
    )


def _family(tier: Tier, programme: Programme) -> str:
    if len(programme.families()) == 1:
        return ""
    place = [each.code for each in programme.tiers_of(tier.family)].index(tier.code) + 1
    if tier.family == MAIN:
        return say("Level %(level)s of the main family.", level=written.whole(place))
    return say("Level %(level)s of the family “%(family)s”.", level=written.whole(place), family=tier.family)


def _threshold(reach: Reach, programme: Programme, forms: dict[str, str]) -> str:
    if not reach.counts:
        held = say("Reached while the condition holds.")
        return held if forms is _REACHED else say("Kept while the condition holds.")
    window = (
        say("within %(period)s", period=period(reach.within))
        if reach.window is MeasuredIn.ROLLING and reach.within
        else gettext(_WINDOWS.get(reach.window, _WINDOWS[MeasuredIn.EVER]))
    )
    kind, amount, named = _counted(reach, programme)
    values = {"amount": amount, "window": window, "named": named}
    said = say(forms[kind], **values)
    return f"{said} {say('The condition must hold too.')}" if reach.when else said


def _counted(reach: Reach, programme: Programme) -> tuple[str, str, str]:
    """What a threshold counts, how much of it in words, and the name of what is counted."""
    match reach.counts:
        case "spend":
            return "spend", money(programme, reach.at_least), ""
        case "visits":
            return "visits", counted(Nn_("%(number)s sale", "%(number)s sales"), reach.at_least), ""
        case "points":
            points = counted(Nn_("%(number)s point", "%(number)s points"), reach.at_least)
            return "points", points, wallet(programme, reach.wallet)
        case code:
            names = {each.code: each.name for each in programme.measures}
            return "measure", written.whole(reach.at_least), in_words(names.get(code, {}), code)


def _keep(keep: Keep, programme: Programme) -> list[str]:
    said = [_threshold(keep.reach, programme, _KEPT)] if keep.reach else []
    said.append(gettext(_REVIEWS[keep.review]))
    if keep.review is Review.NEVER:
        return said
    if keep.grace is not None:
        said.append(
            say(
                "After a missed review it is held for another %(period)s, "
                "and kept when the threshold is met meanwhile.",
                period=period(keep.grace),
            )
        )
    return [*said, gettext(_DROPS[keep.drop])]


def _given_by(tier: Tier, programme: Programme) -> str:
    plans = [quoted(in_words(each.name, each.code)) for each in programme.plans if each.tier == tier.code]
    return say("It comes with the membership %(plans)s.", plans=all_of(plans)) if plans else ""


def _replaced(tier: Tier) -> str:
    if not tier.replaces:
        return ""
    former = all_of([quoted(code) for code in tier.replaces])
    return say("Who held %(tiers)s before holds this one.", tiers=former)
