"""How offers are worked out and combined, where a programme or an offer says otherwise than its default."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext

from cagnotte.channels.backoffice.programme_words_shape import Item, counted, item, percent, say
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.earning.terms import Mode
from cagnotte.domain.offers import policy as terms
from cagnotte.domain.offers.policy import OfferPolicy, Reckoning

type Words = Mapping[StrEnum | bool, str]

_RECKONING: Mapping[str, Words] = {
    "price": {
        terms.PriceBase.PAID: N_("Percentages are of the price paid."),
        terms.PriceBase.LIST: N_("Percentages are of the list price."),
        terms.PriceBase.LIST_INSTEAD: N_(
            "Percentages are of the list price; what the till’s reduction already gives counts towards them."
        ),
    },
    "works_on": {
        terms.WorksOn.LEFT: N_("Each offer works on what the ones before it left."),
        terms.WorksOn.ORIGINAL: N_("Each offer works on the price before all offers."),
    },
    "rounding": {
        Mode.DOWN: N_("Shares of a price are rounded down."),
        Mode.HALF_UP: N_("Shares of a price are rounded to the nearest, halves up."),
        Mode.HALF_EVEN: N_("Shares of a price are rounded to the nearest, halves to the even number."),
        Mode.UP: N_("Shares of a price are rounded up."),
    },
    "rounded_per": {
        terms.RoundedTo.TARGET: N_("What the effect is on is rounded."),
        terms.RoundedTo.UNIT: N_("Each article is rounded on its own."),
        terms.RoundedTo.LINE: N_("Each line is rounded on its own."),
        terms.RoundedTo.BASKET: N_("The sum of all lines concerned is rounded."),
    },
    "share_by": {
        terms.ShareBy.VALUE: N_("An amount for several lines is shared by what they cost."),
        terms.ShareBy.QUANTITY: N_("An amount for several lines is shared by the number of articles."),
        terms.ShareBy.LINES: N_("An amount for several lines is shared equally by the lines."),
    },
    "odd_cents": {
        terms.OddCents.REMAINDER: N_("Odd cents of a shared amount go to the largest remainders."),
        terms.OddCents.FIRST: N_("Odd cents of a shared amount go to the first lines."),
        terms.OddCents.LAST: N_("Odd cents of a shared amount go to the last lines."),
        terms.OddCents.LARGEST: N_("Odd cents of a shared amount go to the lines of most value."),
        terms.OddCents.REST_TO_LAST: N_("Of a shared amount, the last line takes what rounding leaves."),
    },
    "threshold": {
        terms.Threshold.BEFORE: N_("A minimum spend is measured before any offer."),
        terms.Threshold.AFTER: N_("A minimum spend is measured after the offers that come before."),
    },
    "threshold_with_tax": {
        True: N_("Tax counts for a minimum spend."),
        False: N_("Tax does not count for a minimum spend."),
    },
    "groups": {
        terms.Groups.BEST: N_("Groups of articles are made so that the member saves most."),
        terms.Groups.BASKET_ORDER: N_("Groups of articles are made in the order of the basket."),
        terms.Groups.LEAST: N_("Groups of articles are made so that the cheapest of all are the ones given."),
    },
    "pick": {
        terms.Pick.CHEAPEST: N_("The cheapest articles are the ones given or reduced."),
        terms.Pick.DEAREST: N_("The dearest articles are the ones given or reduced."),
    },
    "gift": {
        terms.Gift.IN_BASKET: N_("What is got for buying is in the basket besides what is bought."),
        terms.Gift.AMONG: N_("What is got for buying is among what is bought."),
        terms.Gift.ADDED: N_("What is got for buying is handed out on top."),
    },
    "partial": {
        True: N_("A group that lacks articles to give gives those that it has."),
        False: N_("A group that lacks articles to give gives nothing."),
    },
    "floor_refused": {
        terms.FloorRefused.LOST: N_("What a lowest price refuses is lost."),
        terms.FloorRefused.MOVED: N_("What a lowest price refuses moves to the other lines."),
    },
    "over_budget": {
        terms.OverBudget.CUT: N_("A discount is cut to what is left of a budget."),
        terms.OverBudget.REFUSE: N_("A discount above what is left of a budget is not given."),
    },
    "units": {
        terms.Units.SHARED: N_("An article may count for several offers."),
        terms.Units.ONCE: N_("An article that counted for one offer counts for no other."),
    },
}
_CHOICES: Mapping[str, Words] = {
    "choose": {
        terms.Choose.BEST: N_("When not all offers can be given, the best combination is."),
        terms.Choose.BEST_OF_ALL: N_(
            "When not all offers can be given, the best combination is; "
            "an offer is withheld when others give more without it."
        ),
        terms.Choose.PRIORITY: N_("When not all offers can be given, those of higher priority are."),
        terms.Choose.EXCLUSIVE_FIRST: N_(
            "When not all offers can be given, exclusive ones choose first, then those of higher priority."
        ),
    },
    "objective": {
        terms.Objective.MEMBER_SAVING: N_("The best is what saves the member most."),
        terms.Objective.MARGIN: N_("The best is what takes off least."),
        terms.Objective.POINTS_COST: N_("The best is what gives fewest points."),
    },
    "coupon_order": {
        terms.CouponOrder.PRIORITY: N_("Codes are given in the order of their offers."),
        terms.CouponOrder.CLAIMED: N_("Offers with a code come last, in the order in which codes are typed."),
    },
    "one_basket_percentage": {
        True: N_("Only one percentage on the whole basket is given in a sale."),
        False: N_("Several percentages on the whole basket may be given in a sale."),
    },
    "below_zero": {
        True: N_("Lines brought back within a sale leave the discounts of the others as they are."),
        False: N_("Offers take off no more than the goods come to, less what is brought back in the same sale."),
    },
    "tax_included": {
        True: N_("Amounts of offers include tax."),
        False: N_("Amounts of offers are without tax."),
    },
}


def reckoning(said: Reckoning, otherwise: Reckoning) -> list[str]:
    """A sentence for each point in which the two differ, as the first has it."""
    return _differences(_RECKONING, said, otherwise)


def combination(policy: OfferPolicy) -> list[Item]:
    """How offers are worked out and combined, where that is not our default; nothing when all of it is."""
    combined = [*_differences(_CHOICES, policy, OfferPolicy()), *_bounds(policy)]
    worked_out = reckoning(policy.reckoning, Reckoning())
    items = [
        item({}, say("Which offers are given"), combined, ((N_("Lines left out"), policy.exclude),)),
        item({}, say("How offers are worked out"), worked_out),
    ]
    return [each for each in items if each.sentence]


def _differences(words: Mapping[str, Words], said: object, otherwise: object) -> list[str]:
    return [
        gettext(choices[getattr(said, field)])
        for field, choices in words.items()
        if getattr(said, field) != getattr(otherwise, field)
    ]


def _bounds(policy: OfferPolicy) -> list[str]:
    said = []
    if policy.coupons_most is not None:
        forms = Nn_(
            "At most %(number)s offer with a code in one sale.",
            "At most %(number)s offers with a code in one sale.",
        )
        said.append(counted(forms, policy.coupons_most))
    if policy.offers_most is not None:
        forms = Nn_("At most %(number)s discount in one sale.", "At most %(number)s discounts in one sale.")
        said.append(counted(forms, policy.offers_most))
    if policy.most_basis_points is not None:
        share = percent(policy.most_basis_points)
        said.append(say("All offers together take at most %(share)s off the goods.", share=share))
    if policy.exclude is not None:
        said.append(say("No offer looks at the lines left out."))
    return said
