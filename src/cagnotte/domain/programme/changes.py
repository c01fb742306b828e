"""What can differ between two programme documents, as values that any door can tell."""

import msgspec

type FieldPath = tuple[str, ...]


class Subject(msgspec.Struct, frozen=True):
    """A thing of the document: `table` "earn", `code` "base". `code` None: a table there is one of.

    `name` is what people read for it, as written: a text, or a table of language -> text.
    """

    table: str
    code: str | None = None
    name: object = None


class Said(msgspec.Struct, frozen=True):
    """One field of a thing and what it says."""

    field: FieldPath
    value: object


class Added(msgspec.Struct, frozen=True, tag_field="kind", tag="added"):
    """Only in the new document; `fields` are all that it says."""

    subject: Subject
    fields: tuple[Said, ...]


class Removed(msgspec.Struct, frozen=True, tag_field="kind", tag="removed"):
    """Only in the old document; `fields` are all that it said."""

    subject: Subject
    fields: tuple[Said, ...]


class Renamed(msgspec.Struct, frozen=True, tag_field="kind", tag="renamed"):
    """The same thing under another code; `subject` has the new one."""

    subject: Subject
    old: str


class Changed(msgspec.Struct, frozen=True, tag_field="kind", tag="changed"):
    """One field of a thing that both have; None: not given there."""

    subject: Subject
    field: FieldPath
    old: object
    new: object


class Listed(msgspec.Struct, frozen=True, tag_field="kind", tag="listed"):
    """A list of plain values of a thing that both have, with what came and what went."""

    subject: Subject
    field: FieldPath
    added: tuple[object, ...]
    removed: tuple[object, ...]


class Moved(msgspec.Struct, frozen=True, tag_field="kind", tag="moved"):
    """A thing that stands elsewhere among those that both have, where the order means something; from 1."""

    subject: Subject
    old_place: int
    new_place: int


type Change = Added | Removed | Renamed | Changed | Listed | Moved


class ProgrammeDiff(msgspec.Struct, frozen=True):
    """`changes` in the order of the new document, what was removed after it. The currencies write amounts."""

    changes: tuple[Change, ...]
    currency_old: str
    currency_new: str

    @property
    def same(self) -> bool:
        return not self.changes
