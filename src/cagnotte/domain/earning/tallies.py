"""What caps and limits have counted so far: one number per cap, subject and window."""

import msgspec


class Tally(msgspec.Struct, frozen=True, gc=False):
    """`subject`: "" the member, or "household:CODE", "store:CODE", "programme". `window`: the number of the
    window: of its first day since 1970-01-01, of its hour since then, or 0 for ever."""

    cap: str
    subject: str
    window: int
    value: int


class Progress(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """How far an achievement is. `period`: the last period counted of a streak, as a window number."""

    achievement: str
    value: int
    times: int = 0
    period: int = 0
