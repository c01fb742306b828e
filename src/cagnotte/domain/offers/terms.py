"""What a programme says of its offers: when one holds, what it gives, and how offers go together."""

from enum import StrEnum

import msgspec

from cagnotte.domain.earning.terms import Cap, Life
from cagnotte.domain.offers.effects import Effect
from cagnotte.domain.offers.policy import OfferPolicy, Reckoning
from cagnotte.domain.points.terms import Name
from cagnotte.domain.rules import Rule

__all__ = ["BestPer", "Need", "Offer", "OfferPolicy", "Prices", "Reckoning", "Stack", "Uses"]


class Prices(StrEnum):
    """Which lines an offer looks at, by the till's own reductions."""

    ANY = "any"
    LIST = "list"  # only at the list price
    REDUCED = "reduced"


class Need(msgspec.Struct, frozen=True):
    """What the basket must hold: of the lines for which `lines` holds (None: of all) at least each of these.

    `spend` in minor units; `quantity` in articles; `products` in different articles.
    """

    lines: Rule | None = None
    spend: int = 0
    quantity: int = 0
    products: int = 0


class BestPer(StrEnum):
    """Where offers of a group compete: for the whole sale, or for each line on its own."""

    SALE = "sale"
    LINE = "line"


class Stack(msgspec.Struct, frozen=True):
    """How an offer goes with others.

    `exclusive`: never together with another offer of its `group`; without a group, with any other offer.
    `combines_with`: if said, only with offers of these groups. `best_per` line: on each line only the offer
    of the group that takes most off counts. `last`: no offer that would come after it is given.
    `on_discounted` False: lines that an offer before it took something off are left out.
    """

    group: str = ""
    exclusive: bool = False
    combines_with: tuple[str, ...] | None = None
    best_per: BestPer = BestPer.SALE
    last: bool = False
    on_discounted: bool = True


class Uses(StrEnum):
    """What counts as one use for the limits of an offer."""

    SALE = "sale"
    TIMES = "times"  # each time it is given within a sale


class Offer(msgspec.Struct, frozen=True):
    """One offer. It is given when its life, its coupon, `when` and all its needs hold.

    `lines`: the lines that qualify; `exclude`: lines that neither count nor get anything. `spend`, `quantity`
    and `products` are asked of the lines that qualify, `needs` of lines of their own. `repeat`: given as often
    as `spend` or `quantity` fits. `times`: at most so often in one sale. `most`: at most so much off in one
    sale, minor units. `floor`: no article below this price; `floor_at_cost`: none below its cost. `worth`:
    what it counts, beside what it takes off, when offers compete. A larger `priority` comes first; ties: the
    order of the document. `caps`: limits in times, and budgets in money. `funded_by`: the partner who pays for the
    points that it adds.
    """

    code: str
    effects: tuple[Effect, ...] = ()
    when: Rule | None = None
    lines: Rule | None = None
    exclude: Rule | None = None
    prices: Prices = Prices.ANY
    spend: int = 0
    quantity: int = 0
    products: int = 0
    needs: tuple[Need, ...] = ()
    coupons: tuple[str, ...] = ()  # any of them; as `normal_code` writes them
    life: Life = Life()
    during: tuple[str, ...] = ()
    repeat: bool = False
    times: int | None = None
    most: int | None = None
    floor: int = 0
    floor_at_cost: bool = False
    worth: int = 0
    priority: int = 0
    stack: Stack = Stack()
    caps: tuple[Cap, ...] = ()
    uses: Uses = Uses.SALE
    reckoning: Reckoning = Reckoning()
    funded_by: str = ""
    name: Name = {}
