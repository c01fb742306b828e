"""How many steps a rule takes: a loop in a loop over a long body is refused before it can slow a till."""

from cagnotte.domain.rules.faults import RuleFaultCode, refusal
from cagnotte.domain.rules.limits import STEPS_LINES, STEPS_MAX
from cagnotte.domain.rules.tree import Items, Literal, Loop, Tree, children
from cagnotte.domain.rules.types import ListOf


def refuse_long_work(tree: Tree) -> None:
    """Raises RuleError at a rule of more than STEPS_MAX steps when each list has STEPS_LINES items."""
    if steps(tree) > STEPS_MAX:
        limits = {"limit": str(STEPS_MAX), "lines": str(STEPS_LINES)}
        raise refusal(RuleFaultCode.TOO_MUCH_WORK, tree.start, tree.end, **limits)


def steps(node: Tree) -> int:
    """One for each part, as often as the loops around it read it; reading a list takes one for each item."""
    match node:
        case Loop(items=items, body=body):
            return 1 + steps(items) + _length(items) * steps(body)
        case Items(items=items):
            return 1 if all(isinstance(item, Literal) for item in items) else sum(map(steps, items))
        case _:
            lists = (child for child in children(node) if isinstance(child.type, ListOf))
            read = sum(_length(child) for child in lists if not isinstance(child, Items))
            return 1 + read + sum(steps(child) for child in children(node))


def _length(items: Tree) -> int:
    while isinstance(items, Loop):
        items = items.items
    return len(items.items) if isinstance(items, Items) else STEPS_LINES
