"""Rule text to tokens, one at a time, so that the first fault met is the first one in the text."""

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from cagnotte.domain.rules.faults import RuleError, RuleFaultCode, refusal
from cagnotte.domain.rules.suggestions import FOREIGN_SIGNS, TYPED_SIGNS


class TokenKind(StrEnum):
    INT = "int"
    TEXT = "text"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end"


class Token(msgspec.Struct, frozen=True):
    """`value` is the token as written, except for a quoted text: what its quotes hold, unescaped."""

    kind: TokenKind
    value: str
    start: int
    end: int


_SPACE = re.compile(r"[ \t\n\r\f]*")
_TOKEN = re.compile(
    r"""(?P<number>\.?[0-9][0-9A-Za-z_]*(?:\.(?![A-Za-z_])[0-9A-Za-z_]*)?)
    | (?P<prefix>[bBrR]{1,2}(?=["']))
    | (?P<name>[A-Za-z_][0-9A-Za-z_]*)
    | (?P<foreign>===|!==|<>|=>|=<|//|&(?!&)|\|(?!\|)|=(?!=))
    | (?P<symbol>\|\||&&|==|!=|<=|>=|[-+*/%<>!?:.,()\[\]])
    | (?P<triple>"{3}|'{3})
    | (?P<text>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<unclosed>["'][^\n\r]*)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_ESCAPED = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t"}
# PostgreSQL cannot store U+0000, and half of a surrogate pair is not a character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DECIMAL = re.compile(r"[0-9]*\.[0-9]*|[0-9]+(?:\.[0-9]*)?[eE][0-9]*")


def read_tokens(source: str) -> Iterator[Token]:
    """The tokens of `source`, ended by one END; raises RuleError at the first character that fits nowhere."""
    at = _after_space(source, 0)
    while at < len(source):
        token = _token_at(source, at)
        yield token
        at = _after_space(source, token.end)
    yield Token(TokenKind.END, "", len(source), len(source))


def _after_space(source: str, at: int) -> int:
    space = _SPACE.match(source, at)
    return space.end() if space else at


def _token_at(source: str, at: int) -> Token:
    found = _TOKEN.match(source, at)
    if found is None:
        raise _unexpected_character(source[at], at)
    text, end = found.group(), found.end()
    match found.lastgroup:
        case "number":
            return _number(text, at, end)
        case "name":
            return Token(TokenKind.SYMBOL if text == "in" else TokenKind.NAME, text, at, end)
        case "text":
            return Token(TokenKind.TEXT, _unescaped(text, at), at, end)
        case "foreign":
            raise _foreign(text, at, end)
        case "prefix":
            raise refusal(RuleFaultCode.FOREIGN_WORD, at, end, found=text)
        case "triple":
            raise refusal(RuleFaultCode.FOREIGN_OPERATOR, at, end, found=text, suggestion=text[0])
        case "unclosed":
            raise refusal(RuleFaultCode.UNCLOSED_TEXT, at, end, expected=text[0])
        case _:
            return Token(TokenKind.SYMBOL, text, at, end)


def _number(text: str, start: int, end: int) -> Token:
    if text.isdigit():
        return Token(TokenKind.INT, text, start, end)
    if _DECIMAL.fullmatch(text):
        raise refusal(RuleFaultCode.DECIMAL_NUMBER, start, end, found=text)
    digits = text.replace("_", "")
    suggestion = {"suggestion": digits} if digits.isdigit() else {}
    raise refusal(RuleFaultCode.MALFORMED_NUMBER, start, end, found=text, **suggestion)


def _foreign(text: str, start: int, end: int) -> RuleError:
    if text == "=":
        return refusal(RuleFaultCode.SINGLE_EQUALS, start, end, found=text, suggestion="==")
    return refusal(RuleFaultCode.FOREIGN_OPERATOR, start, end, found=text, suggestion=FOREIGN_SIGNS[text])


def _unexpected_character(character: str, at: int) -> RuleError:
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    suggestion = {"suggestion": TYPED_SIGNS[character]} if character in TYPED_SIGNS else {}
    return refusal(RuleFaultCode.UNEXPECTED_CHARACTER, at, at + 1, found=shown, **suggestion)


def _unescaped(quoted: str, start: int) -> str:
    if unstorable := _UNSTORABLE.search(quoted):
        raise _unexpected_character(unstorable.group(), start + unstorable.start())

    def character(escape: re.Match[str]) -> str:
        code, letter = escape.groups()
        meant = chr(int(code, 16)) if code else _ESCAPED.get(letter)
        if meant is None or _UNSTORABLE.match(meant):
            place = start + escape.start() + 1, start + escape.end() + 1
            raise refusal(RuleFaultCode.UNKNOWN_ESCAPE, *place, found=escape.group())
        return meant

    return _ESCAPE.sub(character, quoted[1:-1])
