"""What can be wrong with an offer and with nothing else. The sentences are made at the edge."""

from enum import StrEnum


class OfferFaultCode(StrEnum):
    BAD_PERCENT = "offer.bad_percent"
    ABOVE_MOST = "offer.above_most"
    NOTHING_REPEATS = "offer.nothing_repeats"
