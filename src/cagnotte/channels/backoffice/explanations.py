"""How each figure of the dashboard is computed, in whole sentences."""

from django.utils.translation import gettext_lazy as _

HOW = {
    "members": _("Members enrolled up to and including the last day shown."),
    "active_rate": _(
        "Members with at least one sale in the 12 months that end on the last day shown, divided by all "
        "members enrolled by then."
    ),
    "new_members": _("Members whose day of enrolment lies in the period."),
    "member_sales": _(
        "Sum of what members paid in the period, returns taken off. Sales without a member are left out."
    ),
    "penetration_sales": _("Members' sales divided by all sales of the period, in money."),
    "penetration_count": _("Number of sales made by members divided by the number of all sales of the period."),
    "average_basket": _("Members' sales of the period divided by the number of their sales."),
    "visits": _("Number of members' sales in the period divided by the number of members who bought in it."),
    "issued": _(
        "Points that the programme gave in the period: the ledger's entries on its account of issued points."
    ),
    "burned": _("Points that members turned into vouchers in the period."),
    "expired": _("Points that passed their expiry day in the period without being used."),
    "outstanding": _(
        "Points that members still hold at the end of the last day shown: the sum of their balances."
    ),
    "value": _(
        "Outstanding points of each wallet multiplied by the amount of the voucher of the wallet's first "
        "conversion and divided by the points that it costs; a wallet without a conversion has no value."
    ),
    "vouchers": _("Gift vouchers issued in the period, and the sum of their amounts."),
    "tiers": _("Members enrolled by the last day shown, by the status that they held at its end."),
    "store_members": _("Members with at least one sale in this store in the period."),
    "ranking": _(
        "Stores with a sale in the period, in the order of what members paid there. Penetration is members' "
        "share of the store's sales, in money."
    ),
    "liability": _(
        "What of the amounts of sales, and of the provision for points given without one, is not earned yet: the "
        "balance of the accounts at the end of the month, lot by lot. A lot counts for the month in which it was "
        "earned, the store of its sale, and the status that its member held at the end of the month."
    ),
    "liability_points": _(
        "Points of lots that stand in the accounts, neither used nor expired; what is set aside for an order "
        "is open. They are worth what they save, at the value of a point when they were given."
    ),
    "liability_expected": _(
        "What is left of the points given, less the breakage that the accounts count with, less the points used."
    ),
    "partners": _(
        "Points that rules and offers gave in the partner's name, less those taken back, at the price of each "
        "sale's time; rounded once for the month. What arrived late stands in the month in which it arrived."
    ),
    "partners_points": _("Points given in the month in the name of all partners, less those taken back in it."),
    "rollforward": _(
        "From the entries of the month: points given with sales, by hand or paid by partners; taken back with "
        "returns; a new estimate of breakage; points used, and expired beyond the estimate. What a partner owes "
        "is the price of its points, as on its statements; what it is credited for points that members had spent "
        "comes off the revenue."
    ),
    "breakage": _(
        "Of points given, the share that is expected never to be used, from what became of the points of every "
        "month by their age. The interval says how much that could be off. A point that became a voucher counts "
        "as used."
    ),
    "back_test": _(
        "The estimate of each month, made again from what had happened by then, and what has been used since of "
        "the points that were open. The error is in percent of what was used."
    ),
}
