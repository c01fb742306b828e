"""What the programme knows of a member besides points: profile, attributes, household, sponsor, membership."""

from collections.abc import Mapping
from datetime import date

import msgspec

from cagnotte.domain.kernel import MemberId

type AttributeValue = int | str | bool | tuple[str, ...]
type Attributes = Mapping[str, AttributeValue]

NO_ATTRIBUTES: Attributes = {}


class Membership(msgspec.Struct, frozen=True):
    """A membership with a validity: member from `since` until, and without, 00:00 of `until` (None: no end)."""

    plan: str
    since: date
    until: date | None = None


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts that rules read as `member.…`; dates are local days. An empty text: not known."""

    enrolled_on: date | None = None
    born_on: date | None = None
    language: str = ""
    country: str = ""
    brand: str = ""
    home_store: str = ""
    household: str = ""
    segments: tuple[str, ...] = ()
    share_of_wallet: int = 0  # basis points of what the member spends on such goods; 0: not known
    share_declared: bool = False  # said by the member; otherwise estimated
    sponsor: MemberId | None = None
    attributes: Attributes = NO_ATTRIBUTES
    share_low: int = 0  # of an estimate: the share is at least so much; 0 when it was declared by hand
    share_high: int = 0  # and at most so much
    household_since: date | None = None  # the day of joining it; None: not known, for as long as is known
    closed_on: date | None = None  # from 00:00 of it on the member neither earns nor spends; None: open

    def is_closed(self, day: date) -> bool:
        return self.closed_on is not None and self.closed_on <= day
