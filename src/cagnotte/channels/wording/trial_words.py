"""Sentences of `cagnotte programme test`: what differs from what was expected, and what cannot be played."""

from collections.abc import Mapping
from typing import Any

import msgspec

from cagnotte.application.trials.comparing import Check
from cagnotte.application.trials.report import StepReport
from cagnotte.channels.wording.speech import N_, Nn_, Speech

PROBLEMS: dict[str, str] = {
    # a file
    "unknown_format": N_("“%(found)s” is not a kind of case file: use %(known)s."),
    "file_too_large": N_("The file is larger than %(most)s MB: split it."),
    "not_utf8": N_("This is not UTF-8 text: byte %(place)s cannot be read. Save it as UTF-8."),
    "not_yaml": N_("This is not valid YAML: %(detail)s."),
    "not_toml": N_("This is not valid TOML: %(detail)s."),
    "not_json": N_("This is not valid JSON: %(detail)s."),
    "too_many_values": N_("The file holds more than %(most)s values: split it."),
    "too_deep": N_("This is nested too deep: %(most)s levels at most."),
    "yaml_tag": N_("“%(found)s” is a tag of another program: write the plain value."),
    "name_not_text": N_("A name must be a plain word here."),
    "name_twice": N_("“%(name)s” stands here twice: keep one."),
    "no_cases": N_("A case file holds a list named “cases” with at least one case."),
    "case_not_map": N_("A case is a table of names and values: id, sale or steps, expect."),
    "id_twice": N_("The id “%(name)s” stands twice in this file: each case needs its own."),
    # a case as it is written
    "unknown_name": N_("“%(name)s” is not known here. Known: %(known)s."),
    "missing_name": N_("“%(name)s” is missing here."),
    "wrong_type": N_("This must be %(expected)s, not %(found)s."),
    "not_readable": N_("This cannot be read: %(detail)s."),
    "not_a_word": N_("“%(found)s” must be a code or a text."),
    "not_an_amount": N_(
        "“%(found)s” is not an amount: write 12.00, or {minor: 1200} for the same in the smallest unit."
    ),
    "not_a_time": N_("“%(found)s” is not a time: write 2026-01-31 or 2026-01-31T17:30."),
    "time_out_of_range": N_("“%(found)s” lies too far away: years from 1900 to 2999 can be played."),
    "too_many_decimals": N_("“%(found)s” has too many decimals: the currency has %(decimals)s."),
    # a case as it is played
    "lines_of_credit": N_("Points that were given by hand have no lines: write how many “points” come back."),
    "points_of_sale": N_("A sale brings back its lines: write “lines”, not “points”."),
    "sale_and_steps": N_("A case has one “sale” or “steps”, not both."),
    "no_steps": N_("Nothing happens in this case: write a “sale” or “steps”."),
    "nothing_happens": N_("This step says nothing that happens: write one of %(kinds)s."),
    "goods_or_amount": N_("A refund of an “amount” brings no goods back: leave “lines” and “points” out."),
    "line_without_amount": N_("Write the “amount” that is refunded of that “line”."),
    "two_things": N_("One thing happens in a step, not %(kinds)s: make them steps of their own."),
    "paid_and_lines": N_("A sale has “lines” or “paid”, not both."),
    "line_without_price": N_("The line says neither “price” (of one article) nor “paid” (of the whole line)."),
    "quantity_twice": N_("“quantity” and “qty” are the same: write one."),
    "sku_or_line": N_("Say which line comes back: by its “sku” or by its “line” number, one of the two."),
    "number_too_large": N_("%(found)s is too large: %(most)s at most."),
    "negative_amount": N_("This amount must not be negative."),
    "lot_without_points": N_("A lot holds 1 point or more, not %(found)s."),
    "unknown_member": N_("The case has no member “%(name)s”. It has: %(known)s."),
    "unknown_hold": N_("No step before this one set points aside under the id “%(name)s”. There are: %(known)s."),
    "until_or_minutes": N_("Say how long points are set aside by “until” or by “minutes”, not by both."),
    "unknown_sale": N_("No sale before this step has the id “%(name)s”. There are: %(known)s."),
    "unknown_wallet": N_("The programme has no wallet “%(name)s”. It has: %(known)s."),
    "unknown_tier": N_("The programme has no tier “%(name)s”. It has: %(known)s."),
    "unknown_currency": N_("A sale cannot be in “%(name)s”: the programme counts in %(known)s."),
    "unknown_attribute": N_(
        "The programme declares no attribute “%(name)s” here. Declared: %(known)s. See [attributes] and [events]."
    ),
    "wrong_attribute": N_("The attribute “%(name)s” must be of type %(expected)s, not “%(found)s”."),
    "unknown_way_to_hold": N_("“%(name)s” is no way to hold a tier. Known: %(known)s."),
}
SUGGESTION = N_("Did you mean “%(suggestion)s”?")
PLACE = N_("%(file)s:%(line)s: %(at)s: %(said)s")
PLACE_WITHOUT_LINE = N_("%(file)s: %(at)s: %(said)s")
CASE = N_("the case")
STEP = N_("step %(number)s, %(kind)s on %(at)s")
DIFFERS = N_("    %(step)s: %(field)s: expected %(expected)s, found %(found)s")
WHY = N_("    why: %(why)s")
ON_LINE = N_("%(id)s  %(title)s  (%(file)s:%(line)s)")
NOTHING = N_("nothing")
COUNTED = Nn_(
    "%(number)s case: %(passed)s passed, %(failed)s failed, %(unreadable)s could not be read or played.",
    "%(number)s cases: %(passed)s passed, %(failed)s failed, %(unreadable)s could not be read or played.",
)


TYPES = {
    "int": N_("a whole number"),
    "str": N_("a text"),
    "bool": N_("true or false"),
    "array": N_("a list"),
    "object": N_("a table"),
    "decimal": N_("a number with decimals"),
    "null": N_("nothing"),
}
OR = N_("%(one)s or %(other)s")


def problem_sentence(code: str, params: Mapping[str, str], speech: Speech) -> str:
    """What is wrong, and what was probably meant."""
    sentence = PROBLEMS[code]
    if code == "wrong_type":
        params = {**params, **{name: _types(params[name], speech) for name in ("expected", "found")}}
    said = speech.say(sentence, **params) if params else speech.say(sentence)
    if "suggestion" in params:
        said += " " + speech.say(SUGGESTION, suggestion=params["suggestion"])
    return said


def _types(said: str, speech: Speech) -> str:
    """`int | object | null` in words; that a value may also be left out is not told."""
    known = said.split(" | ")
    told = [
        speech.say(TYPES[each]) if each in TYPES else each for each in known if each != "null" or len(known) == 1
    ]
    words = told[0]
    for other in told[1:]:
        words = speech.say(OR, one=words, other=other)
    return words


def placed(said: str, *, file: str, line: int, at: str, speech: Speech) -> str:
    """The sentence with its place before it."""
    if line:
        return speech.say(PLACE, file=file, line=line, at=at or "-", said=said)
    return speech.say(PLACE_WITHOUT_LINE, file=file, at=at or "-", said=said)


def difference(check: Check, steps: Mapping[int, StepReport], speech: Speech) -> str:
    """One expectation that was not met."""
    step = steps.get(check.step)
    where = speech.say(CASE)
    if step is not None:
        where = speech.say(STEP, number=step.number, kind=step.kind, at=step.at.isoformat(" ", "minutes"))
    values = {"expected": _value(check.expected, speech), "found": _value(check.found, speech)}
    return speech.say(DIFFERS, step=where, field=check.field, **values)


def _value(value: Any, speech: Speech) -> str:
    """As it would be written in a JSON file; what is not there is said in words."""
    return speech.say(NOTHING) if value is None else msgspec.json.encode(value).decode()
