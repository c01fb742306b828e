"""How many points people may move by hand, in words."""

from cagnotte.channels.backoffice.pages import in_words
from cagnotte.channels.backoffice.programme_words_shape import Item, counted, item, period, say
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.points.ceilings import Adjustments, Ceiling
from cagnotte.domain.programme.document import Programme

_MOST = Nn_("%(number)s point at a time at most.", "%(number)s points at a time at most.")
_PER_DAY = Nn_("%(number)s point a day at most.", "%(number)s points a day at most.")


def adjustments(programme: Programme) -> list[Item]:
    """One item per ceiling, and how long what is above waits; nothing when nobody is limited."""
    terms: Adjustments = programme.adjustments
    if not terms.ceilings:
        return []
    waits = say(
        N_("What is above waits for a second person for %(period)s."), period=period(terms.answered_within)
    )
    items = [_ceiling(each, programme) for each in terms.ceilings]
    return [*items, item({}, say(N_("Above the ceilings")), [waits])]


def _ceiling(ceiling: Ceiling, programme: Programme) -> Item:
    wallets = {wallet.code: in_words(wallet.name, wallet.code) for wallet in programme.wallets}
    said = [
        say(N_("In the wallet “%(wallet)s”."), wallet=wallets[ceiling.wallet]) if ceiling.wallet else "",
        "" if ceiling.most is None else counted(_MOST, ceiling.most),
        "" if ceiling.most_per_day is None else counted(_PER_DAY, ceiling.most_per_day),
    ]
    return item({}, ceiling.role or say(N_("Everybody else")), said)
