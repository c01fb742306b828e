"""What every typing rule needs: the type of a part, and a place to say what is wrong with it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from cagnotte.domain.rules.faults import RuleFault, RuleFaultCode
from cagnotte.domain.rules.syntax import Syntax
from cagnotte.domain.rules.tree import Tree
from cagnotte.domain.rules.types import Scope, Type, type_name

type Variables = Mapping[str, Type]


class Judge(ABC):
    """Collects faults; a part that cannot be typed is None, so that it is not blamed twice."""

    def __init__(self, source: str, scope: Scope) -> None:
        self.source = source
        self.scope = scope
        self.faults: list[RuleFault] = []

    @abstractmethod
    def typed(self, node: Syntax, variables: Variables) -> Tree | None: ...

    def expect(self, node: Syntax, wanted: Type, place: str, variables: Variables) -> Tree | None:
        """The typed node if it has the wanted type; `place` is the operator or method that wants it."""
        tree = self.typed(node, variables)
        if tree is None or tree.type == wanted:
            return tree
        self.blame_type(node, tree.type, place=place, expected=type_name(wanted))
        return None

    def blame(self, code: RuleFaultCode, node: Syntax | Tree, **params: str | None) -> None:
        self.blame_at(code, node.start, node.end, **params)

    def blame_at(self, code: RuleFaultCode, start: int, end: int, **params: str | None) -> None:
        known = {name: str(value) for name, value in params.items() if value is not None}
        self.faults.append(RuleFault(code, start, end, known))

    def blame_type(self, node: Syntax | Tree, found: Type, *, place: str, expected: str) -> None:
        self.blame(RuleFaultCode.WRONG_TYPE, node, place=place, expected=expected, found=type_name(found))

    def blame_difference(self, node: Syntax, place: str, left: Tree, right: Tree) -> None:
        kinds = {"left": type_name(left.type), "right": type_name(right.type)}
        self.blame(RuleFaultCode.TYPES_DIFFER, node, place=place, **kinds)
