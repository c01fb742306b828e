"""Why the business said no, in words, for whoever asked."""

from cagnotte.channels.wording.speech import N_, Speech
from cagnotte.domain.evaluator.decision import RECEIVER, Refusal, RefusalCode

REFUSALS: dict[RefusalCode, str] = {
    RefusalCode.NOTHING_PAID: N_("A sale of 0 or less earns nothing."),
    RefusalCode.POINTS_TOO_LARGE: N_("The rule “%(subject)s” gave too many points, and so none."),
    RefusalCode.UNKNOWN_CONVERSION: N_("The programme has no conversion “%(subject)s”."),
    RefusalCode.COUNT_MUST_BE_POSITIVE: N_("Ask for at least one “%(subject)s”."),
    RefusalCode.COUNT_TOO_LARGE: N_("That is too many vouchers at once: ask for fewer."),
    RefusalCode.INSUFFICIENT_POINTS: N_("%(missing)s points are missing for “%(subject)s”."),
    RefusalCode.POINTS_MUST_BE_POSITIVE: N_("Ask for at least one point of “%(subject)s”."),
    RefusalCode.NOT_IN_STEPS: N_("Points of “%(subject)s” move in steps: add %(missing)s, or take fewer."),
    RefusalCode.FEWER_THAN_LEAST: N_("These are too few points of “%(subject)s” at a time: add %(missing)s."),
    RefusalCode.UNKNOWN_WALLET: N_("The programme has no wallet “%(subject)s”."),
    RefusalCode.WALLET_CANNOT_PAY: N_("Points of “%(subject)s” cannot pay at the till."),
    RefusalCode.MORE_THAN_PAYABLE: N_("The points of “%(subject)s” are worth more than what is to be paid."),
    RefusalCode.UNKNOWN_EVENT: N_("The programme has no event “%(subject)s”."),
    RefusalCode.UNKNOWN_SALE: N_("No sale “%(subject)s” is recorded, or not yet: ask again once it has arrived."),
    RefusalCode.UNKNOWN_LINE: N_("The sale has no such line: %(subject)s."),
    RefusalCode.MORE_THAN_SOLD: N_("More of line %(subject)s comes back than was sold: %(missing)s too many."),
    RefusalCode.NOTHING_TO_RETURN: N_("Nothing of it is left to give back."),
    RefusalCode.RETURN_BEFORE_SALE: N_("A return cannot be earlier than its sale."),
    RefusalCode.QUANTITY_MUST_BE_POSITIVE: N_("Say how many articles come back: one at least."),
    RefusalCode.AMOUNT_MUST_BE_POSITIVE: N_("Say how much is refunded: more than nothing."),
    RefusalCode.MORE_THAN_PAID: N_("More is refunded than the goods have cost that did not come back."),
    RefusalCode.UNKNOWN_TIER: N_("The programme has no tier “%(subject)s”."),
    RefusalCode.UNKNOWN_PLAN: N_("The programme has no membership “%(subject)s”."),
    RefusalCode.NO_MEMBERSHIP: N_("The member has no membership."),
    RefusalCode.UNKNOWN_COUPON: N_("The code “%(subject)s” is not known, or not now."),
    RefusalCode.COUPON_NOT_APPLIED: N_("The code “%(subject)s” gives nothing for this sale."),
    RefusalCode.CAP_REACHED: N_("The limit “%(subject)s” is reached: %(missing)s too many."),
    RefusalCode.PROGRAMME_NOT_RUNNING: N_("The programme does not run at that time."),
    RefusalCode.NOT_IN_AUDIENCE: N_("The member does not belong to those whom the programme is for."),
    RefusalCode.OWN_SPONSOR: N_("Nobody is their own sponsor."),
    RefusalCode.ALREADY_ENROLLED: N_("The member has joined already."),
    RefusalCode.REFERRAL_LIMIT: N_("The sponsor has been rewarded as often as the programme allows."),
    RefusalCode.HOLD_NOT_OPEN: N_("No points are set aside under that name: it was spent, given back or is over."),
    RefusalCode.MORE_THAN_HELD: N_("%(missing)s points more are asked than were set aside."),
    RefusalCode.MUST_END_LATER: N_("The end must lie after the beginning."),
    RefusalCode.CANNOT_BE_SENT: N_("The programme does not let members send points of “%(subject)s”."),
    RefusalCode.TO_ONESELF: N_("Nobody sends points to themselves."),
    RefusalCode.MORE_THAN_MOST: N_("These are too many points of “%(subject)s” at a time: take %(missing)s off."),
    RefusalCode.UNKNOWN_EXCHANGE: N_("The programme has no exchange “%(subject)s”."),
    RefusalCode.NOT_FOR_SALE: N_("Points of “%(subject)s” are not for sale."),
    RefusalCode.NOTHING_TO_EXTEND: N_("No points of “%(subject)s” end before that day."),
    RefusalCode.MORE_THAN_EXPIRED: N_("%(missing)s points more are asked than have expired."),
    RefusalCode.CANNOT_BE_POOLED: N_(
        "The programme does not let households spend points of “%(subject)s” together."
    ),
    RefusalCode.NO_HOUSEHOLD: N_("The member belongs to no household."),
    RefusalCode.HOUSEHOLD_TOO_LARGE: N_(
        "The household “%(subject)s” is too large to spend points together. Members too many: %(missing)s."
    ),
    RefusalCode.JOINED_TOO_LATELY: N_(
        "The member joined the household “%(subject)s” too lately to spend points with it. Days left: %(missing)s."
    ),
    RefusalCode.POINTS_OWED: N_(
        "The household does not pay the member’s debt. Points of “%(subject)s” owed: %(missing)s."
    ),
    RefusalCode.MEMBER_CLOSED: N_("The member’s account is closed: no points are earned, spent or received."),
}
_RECEIVER_CLOSED = N_("The account of the member who would receive the points is closed.")


def refusal_in_words(refusal: Refusal, speech: Speech) -> str:
    if refusal.code is RefusalCode.MEMBER_CLOSED and refusal.subject == RECEIVER:
        return speech.say(_RECEIVER_CLOSED)
    return speech.say(REFUSALS[refusal.code], subject=refusal.subject, missing=speech.number(refusal.missing))
