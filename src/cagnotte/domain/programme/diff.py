"""What differs in meaning between two programme documents: things added, removed, changed or moved.

Works on parsed TOML, so that any table is compared, also one that the checker refuses. Comments, white
space, the order of keys and of tables where order means nothing, and a default written out are no difference.
"""

import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from cagnotte.domain.programme.changes import (
    Added,
    Change,
    Changed,
    FieldPath,
    Listed,
    Moved,
    ProgrammeDiff,
    Removed,
    Renamed,
    Said,
    Subject,
)
from cagnotte.domain.programme.same_meaning import (
    LANGUAGES,
    ORDERED_TABLES,
    Values,
    canonical,
    default_at,
    is_by_name,
    is_for_readers,
    same_value,
    with_defaults,
)


class NotToml(Exception):
    """A text that cannot be compared; `detail` is what the TOML reader says, in English."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def diff_texts(old: str, new: str) -> ProgrammeDiff:
    """Compare two documents as texts. Raises NotToml for one that is no TOML."""
    return diff_documents(_parsed(old), _parsed(new))


def things_of(document: Values) -> list[tuple[Subject, object]]:
    """Everything that a document holds, in its order: what it is, and what it says."""
    return [(subject, values) for table, value in document.items() for subject, values in _things_of(table, value)]


def diff_documents(old: Values, new: Values) -> ProgrammeDiff:
    """Compare two documents as `tomllib` reads them."""
    before, after = _things(with_defaults(old)), _things(with_defaults(new))
    written = {False: _things(old), True: _things(new)}
    renamed = _renamed(before, after)
    changes: list[Change] = []
    for key, (subject, values) in after.items():
        if key in before:
            changes += _compared(subject, (), before[key][1], values)
        elif subject.code is None and isinstance(values, dict):
            changes += _compared(subject, (), {}, values)
        elif key in renamed:
            changes.append(Renamed(subject, renamed[key][1] or ""))
        else:
            changes.append(Added(subject, tuple(_fields(written[True].get(key, (subject, values))[1]))))
    gone = before.keys() - after.keys() - set(renamed.values())
    for key, (subject, values) in before.items():
        if key in gone and subject.code is None and isinstance(values, dict):
            changes += _compared(subject, (), values, {})
        elif key in gone:
            changes.append(Removed(subject, tuple(_fields(written[False].get(key, (subject, values))[1]))))
    changes += _moves(before, after)
    return ProgrammeDiff(tuple(changes), _currency(old), _currency(new))


type _Key = tuple[str, str | None, int]
type _Things = dict[_Key, tuple[Subject, object]]


def _parsed(text: str) -> Values:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotToml(str(error) if isinstance(error, ValueError) else "nested too deep") from error


def _currency(document: Values) -> str:
    head = document.get("programme")
    found = head.get("currency") if isinstance(head, dict) else None
    return found if isinstance(found, str) else ""


def _things(document: Values) -> _Things:
    """Everything that has a name of its own, by (table, code, which of that code)."""
    found: _Things = {}
    seen: Counter[tuple[str, str | None]] = Counter()  # a code twice is a fault, compared by its order
    for table, value in document.items():
        for subject, values in _things_of(table, value):
            known = table, subject.code
            found[*known, seen[known]] = subject, values
            seen[known] += 1
    return found


def _things_of(table: str, value: object) -> Iterator[tuple[Subject, object]]:
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        for each in value:
            code = each.get("code")
            yield Subject(table, code if isinstance(code, str) else None, each.get("name")), each
    elif is_by_name(table, value) and isinstance(value, dict):
        for code, each in value.items():
            yield Subject(table, code, each.get("name") if isinstance(each, dict) else None), each
    else:
        yield Subject(table), value


def _renamed(before: _Things, after: _Things) -> dict[_Key, _Key]:
    """New key -> old key of the things that say the same under another code."""
    gone: dict[tuple[str, str], list[_Key]] = {}
    for key, (_subject, values) in before.items():
        if key not in after and key[1] is not None:
            gone.setdefault((key[0], _content(key[0], values)), []).append(key)
    found = {}
    for key, (_subject, values) in after.items():
        known = gone.get((key[0], _content(key[0], values))) if key not in before and key[1] is not None else None
        if known:
            found[key] = known.pop(0)
    return found


def _content(table: str, values: object) -> str:
    """What a thing says besides its code."""
    said = canonical(values, (table,))
    return repr({name: each for name, each in said.items() if name != "code"} if isinstance(said, dict) else said)


def _compared(subject: Subject, field: FieldPath, old: object, new: object) -> Iterator[Change]:
    place = (subject.table, *field)
    if same_value(old, new, place):
        return
    before, after = _as_table(old, new, place), _as_table(new, old, place)
    if before is not None and after is not None:
        for name in dict.fromkeys([*after, *before]):
            yield from _compared(subject, (*field, name), before.get(name), after.get(name))
    elif _is_list_of(dict, old) and _is_list_of(dict, new):
        yield from _compared_rows(subject, field, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compared_values(subject, field, old, new)
    else:
        old, new = (default_at(place) if value is None else value for value in (old, new))
        yield Changed(subject, field, old, new)


def _as_table(value: object, other: object, place: FieldPath) -> Values | None:
    """The value as a table when it can be compared as one; what is not there is an empty one beside a table."""
    if isinstance(value, dict):
        return value
    if value is None and isinstance(other, dict) and other:
        return {}
    if isinstance(value, str) and isinstance(other, dict) and is_for_readers(place):
        return dict.fromkeys(LANGUAGES, value)
    return None


def _compared_values(subject: Subject, field: FieldPath, old: list[object], new: list[object]) -> Iterator[Change]:
    """Lists of plain values: the order means nothing, what came and what went does."""
    place = (subject.table, *field)
    added, removed = _without(new, old, place), _without(old, new, place)
    if added or removed:
        yield Listed(subject, field, tuple(added), tuple(removed))


def _without(these: Sequence[object], those: Sequence[object], place: FieldPath) -> list[object]:
    left = [canonical(each, place) for each in those]
    kept = []
    for each in these:
        if canonical(each, place) in left:
            left.remove(canonical(each, place))
        else:
            kept.append(each)
    return kept


def _compared_rows(subject: Subject, field: FieldPath, old: object, new: object) -> Iterator[Change]:
    """Tables in a list inside a thing: by their codes where all have one, else by their order."""
    assert isinstance(old, list)
    assert isinstance(new, list)
    if _have_codes(old) and _have_codes(new):
        before, after = ({each["code"]: each for each in rows} for rows in (old, new))
        for code in dict.fromkeys([*after, *before]):
            yield from _compared(subject, (*field, code), before.get(code), after.get(code))
        return
    texts_old, texts_new = (
        [repr(canonical(each, (subject.table, *field))) for each in rows] for rows in (old, new)
    )
    for tag, i, j, k, m in SequenceMatcher(None, texts_old, texts_new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = max(j - i, m - k)
        for step in range(pairs):
            number = str((k if k + step < m else i) + step + 1)
            was = old[i + step] if i + step < j else None
            now = new[k + step] if k + step < m else None
            yield from _compared(subject, (*field, number), was, now)


def _have_codes(rows: list[Mapping[str, object]]) -> bool:
    codes = [row.get("code") for row in rows]
    return all(isinstance(code, str) for code in codes) and len(set(codes)) == len(codes)


def _is_list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, kind) for each in value)


def _fields(values: object, field: FieldPath = ()) -> Iterator[Said]:
    """All that a thing says, without its code and name, which stand in its heading."""
    if not isinstance(values, dict):
        yield Said(field, values)
        return
    for name, value in values.items():
        if not field and name in {"code", "name"}:
            continue
        if isinstance(value, dict) and value:
            yield from _fields(value, (*field, name))
        else:
            yield Said((*field, name), value)


def _moves(before: _Things, after: _Things) -> Iterator[Moved]:
    """The fewest things that moved, in each table whose order means something."""
    for table in ORDERED_TABLES:
        old = [key for key in before if key[0] == table and key in after]
        new = [key for key in after if key[0] == table and key in before]
        stayed = _longest_common(old, new)
        for key in new:
            if key not in stayed:
                yield Moved(after[key][0], old.index(key) + 1, new.index(key) + 1)


def _longest_common(old: list[_Key], new: list[_Key]) -> set[_Key]:
    """The most keys that can be read in one order in both lists (both hold the same keys, once each)."""
    place = {key: number for number, key in enumerate(old)}
    ends: list[int] = []  # the smallest place that ends a chain of each length
    length_at = []
    for key in new:
        length = bisect_left(ends, place[key])
        ends[length : length + 1] = [place[key]]
        length_at.append(length)
    kept: set[_Key] = set()
    wanted, lowest = len(ends) - 1, len(old)
    for key, length in zip(reversed(new), reversed(length_at), strict=True):
        if length == wanted and place[key] < lowest:
            kept.add(key)
            lowest = place[key]
            wanted -= 1
    return kept
