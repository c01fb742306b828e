"""The clock of a case: one time, and what the wall says then where each member lives."""

from datetime import datetime

import msgspec

from cagnotte.application.published import instant_of, wall_clock, zone_of
from cagnotte.application.trials.values import Moment
from cagnotte.domain.programme.document import Programme


class Clock(msgspec.Struct, frozen=True):
    """`local`: what the wall says in `country`; that wall is never asked by way of an instant, so a time stays as
    it was written also in the night of a clock change."""

    programme: Programme
    local: datetime
    country: str = ""

    def set_to(self, moment: Moment, country: str) -> "Clock":
        """The clock at a moment that is said for a member of that country."""
        local = moment.at
        if local.tzinfo is not None:
            local = wall_clock(local, zone_of(self.programme, country))
        return Clock(self.programme, local, country)

    def on_wall(self, country: str) -> datetime:
        """What the clock says where a member of that country lives."""
        here, there = zone_of(self.programme, self.country), zone_of(self.programme, country)
        return self.local if here is there else wall_clock(instant_of(self.local, here), there)
