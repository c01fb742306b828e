"""Random rules as trees of our own, with their text and their value: a second reading of the language.

A tree is a tuple: its operator, then its parts. Nothing here is shared with the code under test.
"""

from typing import Any

from hypothesis import strategies as st

from domain.rules.sample_scope import Eligible, Facts, Line, Member

type Node = tuple[Any, ...]

WORDS = ["gold", "wine", "été", "o'k", 'say "hi"', "", "back\\slash", "a\nb", "日本", "Z", "\u00a0"]
# Seldom so large that the rule could pass 64 bits and is no case.
INTS = st.integers(-9, 9) | st.integers(-10_000, 10_000) | st.sampled_from([2**31, -(2**31), 0])
DIVISORS = st.sampled_from([1, 2, 3, 7, 50, 100, -1, -2, -7, 2**63 - 1, -(2**63)])
TEXTS = st.sampled_from(WORDS)
# Python itself has no bounds: it is right beyond those that facts keep too.
FACT_INTS = INTS | st.integers(-(10**30), 10**30)

LINES = st.builds(
    Line,
    sku=TEXTS,
    category=TEXTS,
    brand=TEXTS,
    quantity=st.integers(-3, 5),
    paid=FACT_INTS,
    is_discounted=st.booleans(),
    tags=st.lists(TEXTS, max_size=3).map(tuple),
)
FACTS = st.builds(
    Facts,
    eligible=st.builds(Eligible, paid=FACT_INTS, quantity=st.integers(-5, 50)),
    lines=st.lists(LINES, max_size=4).map(tuple),
    weekday=st.integers(1, 7),
    hour=st.integers(0, 23),
    tier=TEXTS,
    channel=TEXTS,
    is_birthday_month=st.booleans(),
    member=st.builds(
        Member,
        spend_365d=FACT_INTS,
        refused=st.lists(TEXTS, max_size=3).map(tuple),
        visits=st.lists(FACT_INTS, max_size=3).map(tuple),
    ),
    **{"from": FACT_INTS},
)

_ROOT_INTS = ["weekday", "hour", "from", "eligible.paid", "eligible.quantity", "member.spend_365d"]
_LEVELS = {
    "?": 0,
    "||": 1,
    "&&": 2,
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">=", "in"], 3),
    "+": 4,
    "-": 4,
    **dict.fromkeys(["*", "/", "%"], 5),
    "not": 6,
    "neg": 6,
}
_ATOM = 7


@st.composite
def int_trees(  # noqa: PLR0911 - one plain list
    draw: st.DrawFn, depth: int = 4, variables: tuple[str, ...] = ()
) -> Node:
    kind = draw(st.sampled_from(["leaf"] + ["math", "by", "neg", "?", "min", "lines"] * (depth > 0)))
    if kind == "leaf":
        paths = _ROOT_INTS + [f"{each}.{name}" for each in variables for name in ("paid", "quantity")]
        return draw(st.tuples(st.just("int"), INTS) | st.tuples(st.just("path"), st.sampled_from(paths)))
    if kind == "lines" and len(variables) < 2:
        return draw(_line_numbers(depth - 1, variables))
    part = int_trees(depth - 1, variables)
    if kind == "by":
        return (draw(st.sampled_from("/%")), draw(part), ("int", draw(DIVISORS)))
    if kind == "neg":
        return ("neg", draw(part))
    if kind == "?":
        return ("?", draw(bool_trees(depth - 1, variables)), draw(part), draw(part))
    if kind == "min":
        return (draw(st.sampled_from(["min", "max"])), draw(part), draw(part))
    return (draw(st.sampled_from("+-*")), draw(part), draw(part))


@st.composite
def _line_numbers(draw: st.DrawFn, depth: int, variables: tuple[str, ...]) -> Node:
    items = draw(_line_lists(depth, variables))
    if draw(st.booleans()):
        return ("size", items)
    variable = f"v{len(variables)}"
    mapped: Node = ("map", items, variable, draw(int_trees(depth, (*variables, variable))))
    if draw(st.booleans()):
        mapped = (
            "filter",
            mapped,
            "n",
            (draw(st.sampled_from(["<", ">"])), ("path", "n"), ("int", draw(INTS))),
        )
    if draw(st.booleans()):
        mapped = ("map", mapped, "n", ("+", ("path", "n"), ("%", ("path", "n"), ("int", draw(DIVISORS)))))
    return ("sum", mapped)


@st.composite
def _line_lists(draw: st.DrawFn, depth: int, variables: tuple[str, ...]) -> Node:
    items: Node = ("path", "lines")
    for _ in range(draw(st.integers(0, 2))):
        variable = f"v{len(variables)}"
        items = ("filter", items, variable, draw(bool_trees(depth - 1, (*variables, variable))))
    return items


@st.composite
def bool_trees(  # noqa: PLR0911 - one plain list
    draw: st.DrawFn, depth: int = 4, variables: tuple[str, ...] = ()
) -> Node:
    deep = ["&&", "||", "not", "compare", "texts", "?", "lines", "in ints"]
    kind = draw(st.sampled_from(["leaf", "texts", "in"] + deep * (depth > 0)))
    if kind in {"leaf", "in", "texts"}:
        return draw(_simple_conditions(kind, variables))
    if kind == "lines" and len(variables) < 2:
        variable = f"v{len(variables)}"
        items = draw(_line_lists(depth - 1, variables))
        loop = draw(st.sampled_from(["exists", "all"]))
        return (loop, items, variable, draw(bool_trees(depth - 1, (*variables, variable))))
    part, number = bool_trees(depth - 1, variables), int_trees(depth - 1, variables)
    if kind == "not":
        return ("not", draw(part))
    if kind == "?":
        return ("?", draw(part), draw(part), draw(part))
    if kind == "in ints":
        return ("in", draw(number), ("list", *draw(st.lists(number, max_size=3))))
    if kind in {"compare", "lines"}:
        return (draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="])), draw(number), draw(number))
    return (kind, draw(part), draw(part))


@st.composite
def _simple_conditions(draw: st.DrawFn, kind: str, variables: tuple[str, ...]) -> Node:
    texts = ["tier", "channel"] + [f"{each}.{name}" for each in variables for name in ("sku", "category")]
    text = st.tuples(st.just("text"), TEXTS) | st.tuples(st.just("path"), st.sampled_from(texts))
    if kind == "texts":
        operators = ["==", "!=", "<", "<=", ">", ">=", "startsWith", "endsWith", "contains"]
        return (draw(st.sampled_from(operators)), draw(text), draw(text))
    if kind == "in":
        lists = ["member.refused"] + [f"{each}.tags" for each in variables]
        written = st.lists(text, max_size=3).map(lambda items: ("list", *items))
        return ("in", draw(text), draw(written | st.sampled_from([("path", name) for name in lists])))
    paths = ["is_birthday_month"] + [f"{each}.is_discounted" for each in variables]
    return draw(st.tuples(st.just("bool"), st.booleans()) | st.tuples(st.just("path"), st.sampled_from(paths)))


def text_of(node: Node, level: int = 0) -> str:
    """The rule's text with no more parentheses than CEL's precedence asks for where `level` is expected."""
    written, own = _written(node)
    return f"({written})" if own < level else written


def _written(node: Node) -> tuple[str, int]:  # noqa: PLR0911, PLR0912 - one plain list
    match node:
        case ("int", value):
            return str(value), _ATOM
        case ("bool", value):
            return ("true" if value else "false"), _ATOM
        case ("text", value):
            return _quoted(value), _ATOM
        case ("path", path):
            return path, _ATOM
        case ("list", *items):
            return f"[{', '.join(map(text_of, items))}]", _ATOM
        case ("not" | "neg" as operator, part):
            return f"{'!' if operator == 'not' else '-'}{text_of(part, 6)}", 6
        case ("?", asked, then, otherwise):
            return f"{text_of(asked, 1)} ? {text_of(then, 1)} : {text_of(otherwise)}", 0
        case ("min" | "max" as name, left, right):
            return f"{name}({text_of(left)},{text_of(right)})", _ATOM
        case ("size", items):
            return f"size({text_of(items)})", _ATOM
        case ("sum", items):
            return f"{text_of(items, _ATOM)}.sum()", _ATOM
        case ("map" | "filter" | "exists" | "all" as name, items, variable, body):
            return f"{text_of(items, _ATOM)}.{name}({variable}, {text_of(body)})", _ATOM
        case ("startsWith" | "endsWith" | "contains" as name, left, right):
            return f"{text_of(left, _ATOM)}.{name}({text_of(right)})", _ATOM
        case (operator, left, right):
            own = _LEVELS[operator]
            # Relations do not chain, and every other operator groups from the left.
            return f"{text_of(left, own + (own == 3))} {operator} {text_of(right, own + 1)}", own
    raise AssertionError(node)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("é", "\\u00e9")
    if '"' in value:
        return "'" + escaped.replace("'", "\\'") + "'"
    return f'"{escaped}"'


def reference(node: Node, names: dict[str, Any]) -> Any:  # noqa: PLR0911 - one plain list
    """The value of the tree, node by node; `names` holds the roots and the loops' variables."""
    match node:
        case ("int" | "bool" | "text", value):
            return value
        case ("path", path):
            root, *fields = path.split(".")
            value = names[root]
            for field in fields:
                value = getattr(value, field)
            return value
        case ("list", *items):
            return [reference(item, names) for item in items]
        case ("?", asked, then, otherwise):
            return reference(then if reference(asked, names) else otherwise, names)
        case ("&&", left, right):
            return reference(left, names) and reference(right, names)
        case ("||", left, right):
            return reference(left, names) or reference(right, names)
        case ("map" | "filter" | "exists" | "all" as kind, items, variable, body):
            return _looped(kind, reference(items, names), variable, body, names)
        case (operator, *parts):
            return _applied(operator, *[reference(part, names) for part in parts])
    raise AssertionError(node)


def _looped(kind: str, items: Any, variable: str, body: Node, names: dict[str, Any]) -> Any:
    bodies = []
    for item in items:
        bodies.append((item, reference(body, {**names, variable: item})))
    if kind == "map":
        return [given for _, given in bodies]
    if kind == "filter":
        return [item for item, given in bodies if given]
    wanted = [given for _, given in bodies if given]
    return len(wanted) > 0 if kind == "exists" else len(wanted) == len(bodies)


def _applied(operator: str, *values: Any) -> Any:  # noqa: PLR0911, PLR0912 - one plain list
    match (operator, *values):
        case ("neg", value):
            return 0 - value
        case ("not", value):
            return value is False
        case ("size", value):
            return len(value)
        case ("sum", value):
            total = 0
            for each in value:
                total += each
            return total
        case ("+", left, right):
            return left + right
        case ("-", left, right):
            return left - right
        case ("*", left, right):
            return left * right
        case ("/", left, right):
            # The exact quotient, cut: (left - what is left over) divides evenly.
            return (left - _applied("%", left, right)) // right
        case ("%", left, right):
            over = abs(left) % abs(right)
            return -over if left < 0 else over
        case ("==", left, right):
            return left == right
        case ("!=", left, right):
            return left != right
        case ("<", left, right):
            return left < right
        case ("<=", left, right):
            return left <= right
        case (">", left, right):
            return left > right
        case (">=", left, right):
            return left >= right
        case ("in", left, right):
            return any(left == each for each in right)
        case ("min" | "max", left, right):
            return left if (left < right) == (operator == "min") else right
        case ("startsWith", left, right):
            return left[: len(right)] == right
        case ("endsWith", left, right):
            return right == "" or left[-len(right) :] == right
        case ("contains", left, right):
            return left.find(right) >= 0
    raise AssertionError(operator)
