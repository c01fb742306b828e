"""Random well-typed rules and baskets for the back ends to agree on: the whole language, facts up to their bounds.

One source of chance serves a property test and a long run; rules are too large for Hypothesis to draw in pieces.
"""

from datetime import date
from random import Random

from hypothesis import strategies as st

from cagnotte.domain.rules import BOOL, INT, Rule, RuleError, RuleFaultCode, Type, compile_rule
from cagnotte.domain.rules.limits import AMOUNT_MOST, DAY_NUMBER_MOST, QUANTITY_MOST
from domain.rules.sample_scope import SCOPE, Attributes, Eligible, Facts, Line, Member, Sale

DICE = st.builds(Random, st.integers(0, 2**32))
# Combining and astral characters, and some around the surrogates, which UTF-16 puts in another order than UTF-8.
WORDS = (
    *("gold", "wine", "été", "e\u0301te\u0301", "o'k", 'say "hi"', "", "back\\slash", "a\nb\t", "日本", "Z", "a"),
    *(
        "\u00a0",
        "😀",
        "👨\u200d👩\u200d👧",
        "𝒳",
        "\ue000",
        "\uffee",
        "\U0010ffff",
        "ß",
        "SS",
        "İ",
        "ı",
        "%_",
        "--",
    ),
)
_SMALL = (0, 1, 2, 3, 5, 7, 10, 50, 100, 150, 365)
_LARGE = (2**31 - 1, 2**31, 2**40, 2**53, 10**15, 2**63 - 1)
_DIVISORS = (1, 2, 3, 7, 50, 100, 10_000, -1, -2, -7, 2**40, 2**63 - 1, -(2**63))
_ROOT_NUMBERS = ("day", "weekday", "hour", "from", "eligible.paid", "eligible.quantity", "member.spend_365d")
_OWN_NUMBERS = ("member.children", "member.birthday", "sale.rating")
_LINE_NUMBERS = ("paid", "quantity", "grams")
_LINE_TEXTS = ("sku", "category", "brand", "colour", "class")
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_TOO_MUCH = {
    RuleFaultCode.TOO_LONG,
    RuleFaultCode.TOO_DEEP,
    RuleFaultCode.TOO_MANY_NODES,
    RuleFaultCode.BEYOND_64_BITS,
    RuleFaultCode.TOO_MUCH_WORK,
}


class RandomRules:
    """Texts of rules; `lines` are the names that the loops around a place give to lines."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._names = 0

    def number_rule(self, depth: int = 4) -> Rule:
        return self._within_limits(INT, depth)

    def condition_rule(self, depth: int = 4) -> Rule:
        return self._within_limits(BOOL, depth)

    def _within_limits(self, gives: Type, depth: int) -> Rule:
        """The first rule that the language takes; the rest was too large, and nothing else."""
        for attempt in range(200):
            shallow = max(1, depth - attempt // 20)
            source = self._number(shallow, ()) if gives == INT else self._condition(shallow, ())
            try:
                return compile_rule(source, gives=gives, scope=SCOPE)
            except RuleError as error:
                if not {fault.code for fault in error.faults} <= _TOO_MUCH:
                    raise AssertionError(source) from error
        raise AssertionError("200 rules in a row were too large")

    def _number(self, depth: int, lines: tuple[str, ...]) -> str:  # noqa: PLR0911 - one plain list
        dice = self._dice
        if depth <= 0 or dice.random() < 0.2:
            return self._plain_number(lines)
        match dice.randrange(13):
            case 0 | 1:
                return f"({self._number(depth - 1, lines)} {dice.choice('+-')} {self._number(depth - 1, lines)})"
            case 2:
                return f"({self._number(depth - 1, lines)} * {dice.choice(_SMALL)})"
            case 3:
                return f"({self._number(depth - 1, lines)} * {self._number(depth - 1, lines)})"
            case 4 | 5:
                divided = self._number(depth - 1, lines)
                return f"({divided} {dice.choice('/%')} {dice.choice(_DIVISORS)})"
            case 6:
                return f"(-{self._number(depth - 1, lines)})"
            case 7:
                then, otherwise = self._number(depth - 1, lines), self._number(depth - 1, lines)
                return f"({self._condition(depth - 1, lines)} ? {then} : {otherwise})"
            case 8:
                extreme = dice.choice(("min", "max"))
                return f"{extreme}({self._number(depth - 1, lines)}, {self._number(depth - 1, lines)})"
            case 9:
                part = dice.choice(("year_of", "month_of", "day_of_month_of", "weekday_of"))
                return f"{part}({self._number(depth - 1, lines)})"
            case 10:
                return f"{self._text(lines)}.size()"
            case _:
                return self._of_a_list(depth, lines)

    def _plain_number(self, lines: tuple[str, ...]) -> str:
        dice = self._dice
        fields = [f"{line}.{name}" for line in lines for name in _LINE_NUMBERS] * 3
        match dice.randrange(8):
            case 0 | 1:
                return str(dice.choice(_SMALL))
            case 2:
                return str(dice.choice((-1, 1)) * dice.choice(_LARGE))
            case 3:
                return f'date("{date.fromordinal(dice.randrange(1, date.max.toordinal()))}")'
            case _:
                return dice.choice([*_ROOT_NUMBERS, *_OWN_NUMBERS, *fields])

    def _of_a_list(self, depth: int, lines: tuple[str, ...]) -> str:
        dice = self._dice
        if dice.random() < 0.25:
            return f"{self._numbers(depth, lines)}.{dice.choice(('sum', 'min', 'max', 'size'))}()"
        if len(lines) >= 2:
            return self._plain_number(lines)
        items = self._chain(depth, lines)
        if dice.random() < 0.3:
            return f"size({items})"
        name = self._name()
        mapped = f"{items}.map({name}, {self._number(depth - 1, (*lines, name))})"
        if dice.random() < 0.3:
            other = self._name()
            mapped += f".filter({other}, {other} {dice.choice(_COMPARISONS)} {dice.choice(_SMALL)})"
        if dice.random() < 0.2:
            other = self._name()
            mapped += f".map({other}, {other} % {dice.choice(_DIVISORS)} - {other})"
        return f"{mapped}.{dice.choice(('sum', 'sum', 'min', 'max'))}()"

    def _chain(self, depth: int, lines: tuple[str, ...]) -> str:
        items = "lines"
        for _ in range(self._dice.randrange(3)):
            name = self._name()
            items += f".filter({name}, {self._condition(depth - 1, (*lines, name))})"
        return items

    def _numbers(self, depth: int, lines: tuple[str, ...]) -> str:
        """A list of numbers that stands in a column or in the rule, perhaps through a loop of its own."""
        dice = self._dice
        columns = ["member.visits", *[f"{line}.sizes" for line in lines]]
        written = ", ".join(self._plain_number(lines) for _ in range(dice.randrange(1, 4)))
        numbers = dice.choice([*columns, f"[{written}]"])
        if len(lines) < 2 and dice.random() < 0.5:
            name = self._name()
            step = dice.choice((f"map({name}, {name} % 7 - hour)", f"filter({name}, {name} > hour)"))
            numbers = f"{numbers}.{step}"
        return numbers

    def _condition(self, depth: int, lines: tuple[str, ...]) -> str:  # noqa: PLR0911 - one plain list
        dice = self._dice
        if depth <= 0 or dice.random() < 0.2:
            return self._plain_condition(lines)
        match dice.randrange(10):
            case 0 | 1:
                left, right = self._condition(depth - 1, lines), self._condition(depth - 1, lines)
                return f"({left} {dice.choice(('&&', '||'))} {right})"
            case 2:
                return f"(!{self._condition(depth - 1, lines)})"
            case 3:
                then, otherwise = self._condition(depth - 1, lines), self._condition(depth - 1, lines)
                return f"({self._condition(depth - 1, lines)} ? {then} : {otherwise})"
            case 4:
                items = ", ".join(self._number(depth - 1, lines) for _ in range(dice.randrange(4)))
                return f"({self._number(depth - 1, lines)} in [{items}])"
            case 5 if len(lines) < 2:
                name = self._name()
                texts = dice.choice(["member.refused", *[f"{line}.tags" for line in lines]])
                test = dice.choice((f"{name} == tier", f'{name}.contains("e")', f"{name} < channel"))
                return f"{texts}.{dice.choice(('exists', 'all', 'exists_one'))}({name}, {test})"
            case 6 | 7 if len(lines) < 2:
                name, loop = self._name(), dice.choice(("exists", "exists", "all", "exists_one"))
                return (
                    f"{self._chain(depth - 1, lines)}.{loop}({name}, {self._condition(depth - 1, (*lines, name))})"
                )
            case _:
                left, right = self._number(depth - 1, lines), self._number(depth - 1, lines)
                return f"({left} {dice.choice(_COMPARISONS)} {right})"

    def _plain_condition(self, lines: tuple[str, ...]) -> str:
        dice = self._dice
        match dice.randrange(6):
            case 0:
                flags = [f"{line}.{name}" for line in lines for name in ("is_discounted", "is_local")]
                return dice.choice(["true", "false", "is_birthday_month", *flags * 3])
            case 1 | 2:
                return f"({self._text(lines)} {dice.choice(_COMPARISONS)} {self._text(lines)})"
            case 3:
                test = dice.choice(("startsWith", "endsWith", "contains"))
                return f"{self._text(lines)}.{test}({self._text(lines)})"
            case 4:
                lists = [f"{line}.{name}" for line in lines for name in ("tags", "labels")]
                return f"({self._text(lines)} in {dice.choice(['member.refused', *lists * 2])})"
            case _:
                words = ", ".join(quoted(dice.choice(WORDS)) for _ in range(dice.randrange(4)))
                return f"({self._text(lines)} in [{words}])"

    def _text(self, lines: tuple[str, ...]) -> str:
        dice = self._dice
        if dice.random() < 0.4:
            return quoted(dice.choice(WORDS))
        fields = [f"{line}.{name}" for line in lines for name in _LINE_TEXTS]
        return dice.choice(["tier", "channel", "sale.weather", *fields * 2])

    def _name(self) -> str:
        self._names += 1
        return f"x{self._names}"


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def random_facts(dice: Random) -> Facts:
    """A basket within bounds: often small, sometimes empty, sometimes at the very bounds."""
    lines = tuple(_line(dice) for _ in range(dice.choice((0, 1, 2, 3, 5))))
    return Facts(
        eligible=Eligible(_amount(dice), _quantity(dice)),
        lines=lines,
        day=dice.choice((20_515, -1, 0, DAY_NUMBER_MOST, -DAY_NUMBER_MOST, dice.randrange(-800_000, 3_000_000))),
        weekday=dice.randrange(1, 8),
        hour=dice.randrange(24),
        tier=dice.choice(WORDS),
        channel=dice.choice(WORDS),
        is_birthday_month=dice.random() < 0.5,
        member=Member(
            spend_365d=_amount(dice),
            refused=_words(dice),
            visits=tuple(_amount(dice) for _ in range(dice.randrange(4))),
            attributes=_some(dice, {"children": _quantity(dice), "birthday": dice.randrange(-30_000, 30_000)}),
        ),
        sale=Sale(_some(dice, {"weather": dice.choice(WORDS), "rating": _amount(dice)})),
        **{"from": _amount(dice)},
    )


def _line(dice: Random) -> Line:
    own: Attributes = {
        "colour": dice.choice(WORDS),
        "grams": _amount(dice),
        "is_local": dice.random() < 0.5,
        "labels": _words(dice),
        "sizes": tuple(_amount(dice) for _ in range(dice.randrange(3))),
        "class": dice.choice(WORDS),
    }
    return Line(
        sku=dice.choice(WORDS),
        category=dice.choice(WORDS),
        brand=dice.choice(WORDS),
        quantity=_quantity(dice),
        paid=_amount(dice),
        is_discounted=dice.random() < 0.5,
        tags=_words(dice),
        attributes=_some(dice, own),
    )


def _some(dice: Random, attributes: Attributes) -> Attributes:
    return {name: value for name, value in attributes.items() if dice.random() < 0.7}


def _amount(dice: Random) -> int:
    around = (0, 1, -1, AMOUNT_MOST, -AMOUNT_MOST, dice.randrange(-AMOUNT_MOST, AMOUNT_MOST))
    return dice.choice((*around, *[dice.randrange(-2_000, 10_000) for _ in range(6)]))


def _quantity(dice: Random) -> int:
    return dice.choice((QUANTITY_MOST, -QUANTITY_MOST, 0, *[dice.randrange(-3, 10) for _ in range(6)]))


def _words(dice: Random) -> tuple[str, ...]:
    return tuple(dice.choice(WORDS) for _ in range(dice.randrange(4)))
