"""Tokens to a tree, with the precedence of CEL; the first fault ends the reading."""

import re

from cagnotte.domain.rules.faults import RuleError, RuleFaultCode, refusal
from cagnotte.domain.rules.limits import DEPTH_MAX, INT_MAX, INT_MIN, NODES_MAX, SOURCE_CHARACTERS_MAX
from cagnotte.domain.rules.suggestions import (
    INFIX_WORDS,
    NULL_WORDS,
    OPERATOR_WORDS,
    RESERVED_MEANINGS,
    RESERVED_WORDS,
)
from cagnotte.domain.rules.syntax import (
    Call,
    Conditional,
    Constant,
    Infix,
    Listing,
    Name,
    Prefix,
    Select,
    Syntax,
    children,
)
from cagnotte.domain.rules.tokens import Token, TokenKind, read_tokens

_RELATION = 3
_BINDING = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), _RELATION),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/%", 5),
}
_INT_DIGITS_MAX = len(str(INT_MAX))
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")


def parse(source: str) -> Syntax:
    """The tree of a rule's text; raises RuleError with one fault, and nothing else, on any text."""
    if len(source) > SOURCE_CHARACTERS_MAX:
        limit = str(SOURCE_CHARACTERS_MAX)
        raise refusal(RuleFaultCode.TOO_LONG, SOURCE_CHARACTERS_MAX, len(source), limit=limit)
    tree = _Parser(source).rule()
    _refuse_oversized(tree)
    return tree


def _refuse_oversized(tree: Syntax) -> None:
    waiting, nodes = [(tree, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if depth > DEPTH_MAX:
            raise refusal(RuleFaultCode.TOO_DEEP, node.start, node.end, limit=str(DEPTH_MAX))
        waiting.extend((child, depth + 1) for child in reversed(children(node)))
    if nodes > NODES_MAX:
        raise refusal(RuleFaultCode.TOO_MANY_NODES, tree.start, tree.end, limit=str(NODES_MAX))


class _Parser:
    """Reads with one token of look-ahead; `_depth` bounds the recursion, parentheses included."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = read_tokens(source)
        self._token = next(self._tokens)
        self._last = self._token
        self._depth = 0

    def rule(self) -> Syntax:
        if self._ended():
            raise refusal(RuleFaultCode.EMPTY, 0, len(self._source))
        tree = self._expression()
        if not self._ended():
            raise self._unexpected(expected="operator")
        return tree

    def _expression(self) -> Syntax:
        start = self._token.start
        condition = self._operation(0)
        if not self._take("?"):
            return condition
        then = self._operation(0)
        self._expect(":")
        self._enter()
        otherwise = self._expression()
        self._leave()
        return Conditional(condition=condition, then=then, otherwise=otherwise, start=start, end=self._last.end)

    def _operation(self, outer: int) -> Syntax:
        """Operators that bind tighter than `outer`, from the left."""
        self._enter()
        start = self._token.start
        left, was_relation = self._prefixed(), False
        while (binding := self._binding()) > outer:
            if binding == _RELATION and was_relation:
                raise self._fault(RuleFaultCode.CHAINED_COMPARISON, operator=self._token.value)
            operator = self._advance().value
            right = self._operation(binding)
            left = Infix(operator=operator, left=left, right=right, start=start, end=self._last.end)
            was_relation = binding == _RELATION
        self._leave()
        return left

    def _binding(self) -> int:
        return _BINDING.get(self._token.value, 0) if self._token.kind is TokenKind.SYMBOL else 0

    def _prefixed(self) -> Syntax:
        start = self._token.start
        operator = self._take("!") or self._take("-")
        if operator is None:
            return self._postfixed()
        if operator.value == "-" and self._token.kind is TokenKind.INT:
            return self._followed(self._integer(start, negative=True), start)
        self._enter()
        operand = self._prefixed()
        self._leave()
        return Prefix(operator=operator.value, operand=operand, start=start, end=self._last.end)

    def _postfixed(self) -> Syntax:
        start = self._token.start
        return self._followed(self._primary(), start)

    def _followed(self, target: Syntax, start: int) -> Syntax:
        while self._take("."):
            if self._token.kind is not TokenKind.NAME:
                raise self._unexpected(expected="name")
            name = self._advance()
            target = self._selected(target, name, start)
        return target

    def _selected(self, target: Syntax, name: Token, start: int) -> Syntax:
        if not (opening := self._take("(")):
            return Select(target=target, name=name.value, name_start=name.start, start=start, end=name.end)
        arguments = self._listed(")", opening)
        return Call(
            target=target,
            name=name.value,
            name_start=name.start,
            arguments=arguments,
            start=start,
            end=self._last.end,
        )

    def _primary(self) -> Syntax:
        token = self._token
        if token.kind is TokenKind.INT:
            return self._integer(token.start, negative=False)
        if token.kind is TokenKind.TEXT:
            self._advance()
            return Constant(value=token.value, start=token.start, end=token.end)
        if token.kind is TokenKind.NAME:
            return self._named()
        if opening := self._take("("):
            inner = self._expression()
            self._close(")", opening)
            return inner
        if opening := self._take("["):
            items = self._listed("]", opening)
            return Listing(items=items, start=token.start, end=self._last.end)
        raise self._unexpected(expected="value")

    def _integer(self, start: int, *, negative: bool) -> Constant:
        digits = self._advance()
        significant = digits.value.lstrip("0") or "0"
        value = int(significant) if len(significant) <= _INT_DIGITS_MAX else INT_MAX + 2
        value = -value if negative else value
        if not INT_MIN <= value <= INT_MAX:
            raise refusal(RuleFaultCode.NUMBER_TOO_BIG, start, digits.end, limit=str(INT_MAX))
        return Constant(value=value, start=start, end=digits.end)

    def _named(self) -> Syntax:
        word = self._token.value
        if word in NULL_WORDS:
            raise self._fault(RuleFaultCode.NULL, found=word)
        if meant := OPERATOR_WORDS.get(word.lower()):
            raise self._fault(RuleFaultCode.FOREIGN_WORD, found=word, suggestion=meant)
        if word in RESERVED_WORDS:
            suggestion = {"suggestion": RESERVED_MEANINGS[word]} if word in RESERVED_MEANINGS else {}
            raise self._fault(RuleFaultCode.RESERVED_WORD, found=word, **suggestion)
        token = self._advance()
        if word in {"true", "false"}:
            return Constant(value=word == "true", start=token.start, end=token.end)
        if opening := self._take("("):
            return self._function(token, opening)
        return Name(name=word, start=token.start, end=token.end)

    def _function(self, name: Token, opening: Token) -> Call:
        arguments = self._listed(")", opening)
        place = {"start": name.start, "end": self._last.end}
        return Call(target=None, name=name.value, name_start=name.start, arguments=arguments, **place)

    def _listed(self, closing: str, opening: Token) -> tuple[Syntax, ...]:
        items: list[Syntax] = []
        while not self._at(closing):
            items.append(self._expression())
            # As in CEL, only a list may end with a comma.
            if not self._take(",") or (closing == "]" and self._at(closing)):
                break
            if self._at(closing):
                raise self._unexpected(expected="value")
        self._close(closing, opening)
        return tuple(items)

    def _close(self, closing: str, opening: Token) -> None:
        if self._at(closing):
            self._advance()
            return
        if not (self._ended() or self._at(")") or self._at("]")):
            raise self._unexpected(expected=closing)
        raise self._fault(RuleFaultCode.MISSING_CLOSING, expected=closing, opened_at=str(opening.start))

    def _expect(self, symbol: str) -> None:
        if not self._take(symbol):
            raise self._unexpected(expected=symbol)

    def _ended(self) -> bool:
        return self._token.kind is TokenKind.END

    def _at(self, symbol: str) -> bool:
        return self._token.kind is TokenKind.SYMBOL and self._token.value == symbol

    def _take(self, symbol: str) -> Token | None:
        return self._advance() if self._at(symbol) else None

    def _advance(self) -> Token:
        self._last = self._token
        if not self._ended():
            self._token = next(self._tokens)
        return self._last

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self._fault(RuleFaultCode.TOO_DEEP, limit=str(DEPTH_MAX))

    def _leave(self) -> None:
        self._depth -= 1

    def _unexpected(self, *, expected: str) -> RuleError:
        """The fault for a token that cannot stand here, with what was probably meant.

        `expected` is a sign, or one of the words value, operator and name.
        """
        token, last = self._token, self._last
        if token.kind is TokenKind.END:
            return self._fault(RuleFaultCode.UNEXPECTED_END, expected=expected)
        if token.kind is TokenKind.NAME and (meant := INFIX_WORDS.get(token.value.lower())):
            return self._fault(RuleFaultCode.FOREIGN_WORD, found=token.value, suggestion=meant)
        if last.kind is TokenKind.INT and (comma := _DECIMAL_COMMA.match(self._source, last.start)):
            return refusal(RuleFaultCode.DECIMAL_NUMBER, last.start, comma.end(), found=comma.group())
        if last.kind is token.kind is TokenKind.INT:
            found, joined = self._source[last.start : token.end], last.value + token.value
            return refusal(RuleFaultCode.MALFORMED_NUMBER, last.start, token.end, found=found, suggestion=joined)
        return self._fault(RuleFaultCode.UNEXPECTED_TOKEN, found=token.value, expected=expected)

    def _fault(self, code: RuleFaultCode, **params: str) -> RuleError:
        return refusal(code, self._token.start, self._token.end, **params)
