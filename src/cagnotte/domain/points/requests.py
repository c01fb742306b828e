"""Acts by hand that wait for a second person: of which kinds they are, and how they end."""

from enum import StrEnum


class GestureKind(StrEnum):
    ADJUSTMENT = "adjustment"
    EXTENSION = "extension"
    REINSTATEMENT = "reinstatement"


class Ending(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by who asked
    TIMED_OUT = "timed_out"
    NOT_POSSIBLE = "not_possible"  # approved, but the programme said no on that day's facts
