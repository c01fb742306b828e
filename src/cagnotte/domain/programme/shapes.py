"""How the tables of a document are made: their keys, of which kinds, and which of them go together.

One declaration serves the reader, which takes no other key and reads each as its kind, the JSON Schema and
the reference pages.
"""

from functools import cached_property

import msgspec

type Kind = (
    Text
    | Code
    | Word
    | CodeOf
    | Named
    | Period
    | Whole
    | Flag
    | Day
    | Moment
    | MonthDay
    | Hours
    | Factor
    | Written
    | WholeOrWritten
    | Inner
    | Rows
    | InnerOrRows
    | InnerOrWord
    | ByCode
    | ByName
    | Codes
    | Days
)


class Text(msgspec.Struct, frozen=True, tag=True):
    """A text that is not empty; `pattern` as in JSON Schema."""

    pattern: str = ""


class Code(msgspec.Struct, frozen=True, tag=True):
    """The code of the table itself."""


class Word(msgspec.Struct, frozen=True, tag=True):
    """One of a few words."""

    words: tuple[str, ...]


class CodeOf(msgspec.Struct, frozen=True, tag=True):
    """The code of another thing of the document, or of the world: `what` says of which."""

    what: str
    words: tuple[str, ...] = ()


class Named(msgspec.Struct, frozen=True, tag=True):
    """What people read: one text, or a text per language."""


class Period(msgspec.Struct, frozen=True, tag=True):
    pass


class Whole(msgspec.Struct, frozen=True, tag=True):
    """A whole number, at least `least`; `is_amount`: in the currency's smallest unit."""

    least: int
    is_amount: bool = False


class Flag(msgspec.Struct, frozen=True, tag=True):
    """true or false."""


class Day(msgspec.Struct, frozen=True, tag=True):
    """A local date."""


class Moment(msgspec.Struct, frozen=True, tag=True):
    """A local date, or a local date and time."""


class MonthDay(msgspec.Struct, frozen=True, tag=True):
    pass


class Hours(msgspec.Struct, frozen=True, tag=True):
    """A list of ranges of hours."""


class Factor(msgspec.Struct, frozen=True, tag=True):
    """A number: whole, or with decimals in quotes."""


class Written(msgspec.Struct, frozen=True, tag=True):
    """A rule that gives a condition ("bool")."""

    gives: str = "bool"


class WholeOrWritten(msgspec.Struct, frozen=True, tag=True):
    """A whole number, or a rule that gives one."""


class Inner(msgspec.Struct, frozen=True, tag=True):
    shape: "Shape"


class Rows(msgspec.Struct, frozen=True, tag=True):
    """A list of tables: [[name]]."""

    shape: "Shape"
    most: int


class InnerOrRows(msgspec.Struct, frozen=True, tag=True):
    """One table, or a list of them."""

    shape: "Shape"


class InnerOrWord(msgspec.Struct, frozen=True, tag=True):
    """A table, or a word instead of it."""

    shape: "Shape"
    word: str


class ByCode(msgspec.Struct, frozen=True, tag=True):
    """Tables by their codes: [name.CODE]. `pattern` of the codes as in JSON Schema."""

    shape: "Shape"
    most: int
    pattern: str


class ByName(msgspec.Struct, frozen=True, tag=True):
    """Values by names of the author's own; `pattern` of the names as in JSON Schema."""

    kind: Kind
    pattern: str


class Codes(msgspec.Struct, frozen=True, tag=True):
    """A list of codes of other things of the document."""

    what: str


class Days(msgspec.Struct, frozen=True, tag=True):
    """A list of local dates."""


class Key(msgspec.Struct, frozen=True):
    """`default`: the value that an absent key means; `says`: what it is, in English, for pages and editors.

    `without`: in words, what an absent key means when no value says it.
    """

    name: str
    kind: Kind
    says: str = ""
    required: bool = False
    default: int | bool | str | None = None
    without: str = ""


class Shape(msgspec.Struct, frozen=True, dict=True):
    """One table. Of each `one_of` at most one key may stand, of each `some_of` at least one must.

    `needs`: (name, other): a key that means something only beside the other one.
    """

    title: str
    says: str
    keys: tuple[Key, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    some_of: tuple[tuple[str, ...], ...] = ()
    needs: tuple[tuple[str, str], ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Key]:
        return {key.name: key for key in self.keys}


CODE_PATTERN = "[a-z][a-z0-9_-]{0,62}"
WORD_PATTERN = "[a-z][a-z0-9_]{0,62}"
COUNTRY_PATTERN = "[A-Z]{2}"
LANGUAGE_PATTERN = "[a-z]{2,3}"
PERIOD_PATTERN = "([1-9][0-9]{0,5}) (days?|months?)"
MONTH_DAY_PATTERN = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
HOURS_PATTERN = "([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)"
WORTH_PATTERN = "[0-9]{1,7}(?:[.][0-9]{1,10})?"  # a decimal
FACTOR_PATTERN = "([0-9]{1,4})(?:[.]([0-9]{1,4}))?"
