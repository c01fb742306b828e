"""The accounts in words: why an entry was made, and why a month cannot be closed or shown."""

from cagnotte.channels.wording.speech import N_
from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.portfolios import Nature

JOURNAL = N_("Loyalty")
NATURES: dict[tuple[Kind, Nature], str] = {
    (Kind.DEFERRED, Nature.SALE): N_("Points given with sales, to be earned later: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.BOUGHT): N_("Points sold: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.OPENING): N_("Points of the programme before: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.GIVEN_BACK): N_("Points that were used and come back: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.RECEIVED): N_("Points received from other members or wallets: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.TAKEN_BACK): N_("Points of sales taken back: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.SENT): N_("Points gone to other members or wallets: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.ESTIMATE): N_("Another estimate of the points that will be used: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.USED): N_("Points used: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.EXPIRED): N_("Points expired: “%(wallet)s”"),
    (Kind.PROVISION, Nature.GRANT): N_("Points given without a sale: “%(wallet)s”"),
    (Kind.PROVISION, Nature.RECEIVED): N_("Provision for points received: “%(wallet)s”"),
    (Kind.PROVISION, Nature.TAKEN_BACK): N_("Provision for points taken back: “%(wallet)s”"),
    (Kind.PROVISION, Nature.SENT): N_("Provision for points gone to others: “%(wallet)s”"),
    (Kind.PROVISION, Nature.ESTIMATE): N_("Provision, another estimate of what will be used: “%(wallet)s”"),
    (Kind.PROVISION, Nature.USED): N_("Provision for points used: “%(wallet)s”"),
    (Kind.PROVISION, Nature.EXPIRED): N_("Provision for points expired: “%(wallet)s”"),
}
FUNDED: dict[tuple[Kind, Nature], str] = {
    (Kind.DEFERRED, Nature.FUNDED): N_("Points that “%(partner)s” pays for, to be earned later: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.TAKEN_BACK): N_("Points that “%(partner)s” gets back: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.SENT): N_(
        "Points paid by “%(partner)s” gone to other members or wallets: “%(wallet)s”"
    ),
    (Kind.DEFERRED, Nature.ESTIMATE): N_(
        "Another estimate of the points that will be used, paid by “%(partner)s”: “%(wallet)s”"
    ),
    (Kind.DEFERRED, Nature.USED): N_("Points used that “%(partner)s” paid for: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.EXPIRED): N_("Points expired that “%(partner)s” paid for: “%(wallet)s”"),
    (Kind.DEFERRED, Nature.CREDITED): N_("Paid by, or credited to, “%(partner)s” for points that no lot has"),
}
LATE = N_("%(text)s (happened before, known since)")
AT_STORE = N_("%(text)s, store “%(store)s”")

REFUSALS: dict[str, str] = {
    "period_not_over": N_("The month %(month)s is not over: it can be closed once it is."),
    "other_month_first": N_("Months are closed in order: close %(first)s before %(month)s."),
    "nothing_to_close": N_("No point had moved by the end of %(month)s: begin with the month of the first one."),
    "wallet_not_valued": N_(
        "“%(wallet)s” stands in no account: the programme has no such wallet, or its points buy nothing that has a"
        " price."
    ),
    "nothing_given": N_("No point of “%(wallet)s” was given by the end of %(month)s."),
    "nothing_closed": N_(
        "No month is closed, so there is nothing to start from. Close one first:"
        " cagnotte accounts close --month MONTH --as USER"
    ),
    "closing_too_early": N_("Points must be usable after %(month)s, the last closed month: %(day)s is too early."),
    "period_open": N_(
        "The month %(month)s is not closed, so its entries may still change. Close it first:"
        " cagnotte accounts close --month %(month)s --as USER"
    ),
}
