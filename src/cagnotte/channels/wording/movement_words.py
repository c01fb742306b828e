"""The kinds of transfers and the accounts of the books, in words."""

from cagnotte.channels.wording.speech import N_

MOVEMENTS: dict[str, str] = {
    "earn": N_("Points earned"),
    "given": N_("Points given by hand"),
    "given_back": N_("Points given back"),
    "conversion": N_("Turned into vouchers"),
    "burn": N_("Points spent"),
    "payment": N_("Paid with points"),
    "expiry": N_("Points expired"),
    "idle": N_("Points expired: no activity"),
    "clawback": N_("Points taken back after a return"),
    "adjustment": N_("Points taken by hand"),
    "debt": N_("Debt paid"),
    "owed": N_("Points owed"),
    "opening": N_("Balance of the programme before"),
    "bought": N_("Points bought"),
    "hold": N_("Set aside for an order"),
    "confirmed": N_("Spent in an order"),
    "freed": N_("Set aside no longer"),
    "sent": N_("Sent to another member"),
    "received": N_("Received from another member"),
    "exchange": N_("Exchanged for other points"),
    "exchanged": N_("Points from an exchange"),
    "correction": N_("Put right after an event that arrived late"),
    "reinstated": N_("Expired points given again"),
    "pooled": N_("Spent by a member of the household"),
    "from_pool": N_("From a member of the household"),
}
ACCOUNTS: dict[str, str] = {
    "available": N_("Member's points"),
    "issued": N_("Issued by the programme"),
    "redeemed": N_("Redeemed"),
    "expired": N_("Expired"),
    "adjusted": N_("Adjusted by hand"),
    "debt": N_("Member's debt"),
    "held": N_("Set aside"),
    "migrated": N_("Programme before"),
    "transferred": N_("Between members"),
    "exchanged": N_("Between kinds of points"),
}
