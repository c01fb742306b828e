"""What an offer gives. Amounts in minor units; shares in basis points; an offer has one or more of these."""

from enum import StrEnum

import msgspec

from cagnotte.domain.kernel import Period
from cagnotte.domain.offers.policy import Pick
from cagnotte.domain.points.terms import Name
from cagnotte.domain.rules import Rule


class Percent(msgspec.Struct, frozen=True, tag=True):
    basis_points: int  # 10_000: free


class Amount(msgspec.Struct, frozen=True, tag=True):
    minor: int


class Price(msgspec.Struct, frozen=True, tag=True):
    minor: int  # what it costs afterwards


type Cut = Percent | Amount | Price


class On(StrEnum):
    """What a discount is on."""

    BASKET = "basket"  # all lines together
    QUALIFYING = "qualifying"  # each line that qualifies
    ALL = "all"  # each line
    CHEAPEST = "cheapest"  # the cheapest article that qualifies
    DEAREST = "dearest"
    DELIVERY = "delivery"


class Per(StrEnum):
    """What an amount or a price is for."""

    SALE = "sale"  # once, shared by value
    LINE = "line"
    UNIT = "unit"


class Target(msgspec.Struct, frozen=True):
    """`lines`: instead of the offer's. `units`: at most so many articles; `units_per_line`: so many of a line.

    Which ones, the policy's `pick` says; `units` is the number of articles for cheapest and dearest.
    """

    on: On = On.QUALIFYING
    lines: Rule | None = None
    units: int | None = None
    units_per_line: int | None = None


class Discount(msgspec.Struct, frozen=True, tag=True):
    """Something off the target. `first`: another amount for the first article, when per unit."""

    cut: Cut
    target: Target = Target()
    per: Per = Per.SALE
    first: int | None = None
    most: int | None = None


class GroupOff(msgspec.Struct, frozen=True, tag=True):
    """Articles that qualify go into groups of `len(cuts)`: from the dearest, one cut for each place.

    Three for two is (None, None, Percent(10_000)). `bought`: the places that must be filled before the
    others may be given in part.
    """

    cuts: tuple[Cut | None, ...]
    bought: int
    lines: Rule | None = None
    pick: Pick | None = None  # None: as the policy says
    by_line: bool = False  # groups never mix lines


class BuyGet(msgspec.Struct, frozen=True, tag=True):
    """For each `buy` articles (or `spend`) of the lines that qualify, `get` articles of `lines` get the cut.

    `shared`: the cut is for the got articles together, otherwise for each of them.
    """

    get: int
    cut: Cut
    lines: Rule | None
    buy: int = 0
    spend: int = 0
    shared: bool = False
    pick: Pick | None = None


class Part(msgspec.Struct, frozen=True):
    """`quantity` articles of the lines for which `lines` holds (None: of those that qualify)."""

    quantity: int
    lines: Rule | None = None


class Bundle(msgspec.Struct, frozen=True, tag=True):
    """Articles bought together: the cut is for all articles of one bundle together."""

    parts: tuple[Part, ...]
    cut: Cut


class StepsBy(StrEnum):
    SPEND = "spend"
    QUANTITY = "quantity"


class Step(msgspec.Struct, frozen=True):
    """From `least` on: minor units or articles."""

    least: int
    cut: Cut


class Steps(msgspec.Struct, frozen=True, tag=True):
    """The highest step that is reached counts. `by_line`: each line reaches steps on its own.

    `every` > 0: the one step's cut for each `every` of spend or quantity.
    """

    steps: tuple[Step, ...]
    by: StepsBy = StepsBy.SPEND
    target: Target = Target(On.BASKET)
    per: Per = Per.SALE
    by_line: bool = False
    every: int = 0
    most: int | None = None


class Present(msgspec.Struct, frozen=True, tag=True):
    """Something given besides discounts. `kind`: product, service, experience, access, charity, partner, game,
    tier ...; `choices`: what the member may choose from instead of `what`.
    """

    kind: str
    what: str = ""
    quantity: int = 1
    choices: tuple[str, ...] = ()


class Voucher(msgspec.Struct, frozen=True, tag=True):
    """A gift voucher for another day. `percent_of`: its amount is this share of what is left to pay for the
    lines that qualify, instead of `amount_minor`."""

    amount_minor: int = 0
    valid_for: Period | None = None
    quantity: int = 1
    basis_points: int = 0


class PointsBonus(msgspec.Struct, frozen=True, tag=True):
    """`points`, or `points` for each `per` minor units left to pay for the lines (whole steps)."""

    wallet: str
    points: int
    per: int = 0
    lines: Rule | None = None


class PointsMultiplier(msgspec.Struct, frozen=True, tag=True):
    """Points of the sale, or of `lines` alone, times `basis_points`."""

    wallet: str
    basis_points: int
    lines: Rule | None = None


class ShownMessage(msgspec.Struct, frozen=True, tag=True):
    text: Name
    place: str = "receipt"


type Effect = (
    Discount
    | GroupOff
    | BuyGet
    | Bundle
    | Steps
    | Present
    | Voucher
    | PointsBonus
    | PointsMultiplier
    | ShownMessage
)
