"""From what a case file says to single cases: variants are written out, what the file says for all is added.

Works on the plain values of the file (maps, lists, texts), before they are given types.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

SETTINGS = ("programme", "earning", "returns", "offer_policy")
"""Tables of settings: what a case says of them is laid over the programme's, key by key."""
EXTENDS = "extends"
_LAID_OVER = ("sale", "expect", "members")  # of a variant: what it names replaces, the rest stays

type Values = dict[str, Any]
type Path = tuple[str | int, ...]


class Unfolded(msgspec.Struct, frozen=True):
    """One case as plain values. `path` is where it stands in the file; `own` what a variant says itself."""

    case_id: str
    values: Values
    path: Path
    within: Path
    own: frozenset[str]


def unfolded(file: Mapping[str, Any]) -> Iterator[Unfolded]:
    """Each case of the file, and each variant of a case as a case of its own named CASE/VARIANT."""
    cases = file.get("cases")
    for number, case in enumerate(cases if isinstance(cases, list) else ()):
        if not isinstance(case, dict):
            continue
        path: Path = ("cases", number)
        base = _with_file(file, case)
        variants = case.get("variants")
        if not isinstance(variants, list) or not variants:
            yield Unfolded(str(case.get("id", number + 1)), base, path, path, frozenset())
            continue
        for position, variant in enumerate(variants):
            if isinstance(variant, dict):
                own: Path = (*path, "variants", position)
                case_id = f"{case.get('id', number + 1)}/{variant.get('id', position + 1)}"
                values = _varied(base, variant) | {"id": case_id}
                yield Unfolded(case_id, values, path, own, frozenset(variant))


def laid_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> Values:
    """Tables of a programme with those of a case: lists and tables of codes are replaced whole, settings key
    by key; a table that is null is taken away."""
    tables = dict(base)
    for name, value in over.items():
        is_laid = name in SETTINGS and isinstance(value, dict) and isinstance(base.get(name), dict)
        tables[name] = {**base[name], **value} if is_laid else value
    return tables


def _with_file(file: Mapping[str, Any], case: Values) -> Values:
    values = {name: value for name, value in case.items() if name != "variants"}
    if isinstance(file.get("programme"), dict):
        values["programme"] = _programme(file["programme"], values.get("programme") or {})
    if "members" in file and "members" not in values:
        values["members"] = file["members"]
    return values


def _varied(base: Values, variant: Values) -> Values:
    values = base | {name: _over(name, base.get(name), value) for name, value in variant.items()}
    if "steps" in variant:
        values.pop("sale", None)
    return values


def _over(name: str, before: Any, value: Any) -> Any:
    if not isinstance(before, dict) or not isinstance(value, dict):
        return value
    if name == "programme":
        return _programme(before, value)
    return before | value if name in _LAID_OVER else value


def _programme(base: Any, over: Any) -> Any:
    """The changes of a case after those of its file; one that stands alone leaves the file's aside."""
    if not isinstance(base, dict) or not isinstance(over, dict) or EXTENDS in over:
        return over
    return laid_over(base, over)
