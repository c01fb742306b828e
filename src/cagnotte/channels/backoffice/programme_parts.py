"""Simple forms for one thing of a draft: they write the document's text, and leave its comments in place."""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cagnotte.application.draft_programme import save_draft
from cagnotte.application.edit_programme import NoSuchPlace, add_table, remove_field, remove_table, set_field
from cagnotte.application.errors import RequestError
from cagnotte.application.programme_drafts import Draft, load_draft
from cagnotte.application.programme_refusals import UnknownDraft
from cagnotte.application.programme_staff import Permission
from cagnotte.channels.backoffice.pages import crumb, show
from cagnotte.channels.backoffice.programme_desk import Desk, desk_page, reader, refused
from cagnotte.channels.wording.programme_diff import field_name, heading
from cagnotte.channels.wording.programme_values import is_money
from cagnotte.domain.programme.changes import FieldPath, Subject
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.diff import things_of
from cagnotte.domain.programme.positions import Path
from cagnotte.domain.programme.shape_paths import key_at
from cagnotte.domain.programme.shapes import WholeOrWritten, Written

THE_ONLY = "-"  # in an address: a table there is one of
_OFFERED: dict[str, tuple[FieldPath, ...]] = {
    "earn": (("name", "fr"), ("name", "en"), ("when",), ("points",)),
    "tiers": (("name", "fr"), ("name", "en")),
    "conversions": (("name", "fr"), ("name", "en")),
    "wallets": (("name", "fr"), ("name", "en")),
}


class Part(msgspec.Struct, frozen=True):
    """A thing of the document that has a form."""

    table: str
    code: str
    title: str


class Field(msgspec.Struct, frozen=True):
    """One input. `kind` is "text", "rule", "number", "money" or "choice" (yes or no)."""

    path: FieldPath
    label: str
    kind: str
    value: str
    fault: str = ""

    @property
    def name(self) -> str:
        return ".".join(self.path)


class NotReadable(ValueError):
    """What was typed is no number or no amount."""


def parts_of(text: str) -> list[Part]:
    """Everything in a document that has a name of its own; nothing when the text is no TOML."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        return []
    found = [(subject, values) for subject, values in things_of(document) if isinstance(values, dict)]
    return [
        Part(subject.table, subject.code or THE_ONLY, heading(subject, reader()))
        for subject, _values in found
        if subject.code is not None or subject.table == "programme"
    ]


@desk_page
def page(request: HttpRequest, desk: Desk, name: str, table: str, code: str) -> HttpResponse:
    """The form of one thing; what it changes is saved as the draft's next revision."""
    draft = _draft(desk, name)
    subject, values = _thing(draft.document, table, code)
    currency = _currency(draft.document)
    fields = _fields(table, values, currency)
    if request.method == "POST":
        typed = [_typed(field, request, currency) for field in fields]
        if not any(field.fault for field in typed):
            return _save(request, desk, draft, _path(table, code), list(zip(fields, typed, strict=True)))
        fields = typed
    return show(
        request,
        "backoffice/programme_part.html",
        title=heading(subject, reader()),
        crumbs=[
            crumb("index", _("Dashboard")),
            crumb("programme", _("Programme and rules")),
        ],
        draft=draft,
        fields=fields,
        table=table,
        code=code,
        currency=currency,
        removable=code != THE_ONLY,
        may_save=desk.actor.may(Permission.DRAFT),
    )


@desk_page
def remove(request: HttpRequest, desk: Desk, name: str, table: str, code: str) -> HttpResponse:
    """Take a thing away, with the comment above it."""
    draft = _draft(desk, name)
    if request.method != "POST":
        raise Http404
    try:
        return _keep(request, desk, draft, remove_table(draft.document, _path(table, code)))
    except NoSuchPlace as error:
        raise Http404 from error


@desk_page
def add_rule(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """Add an earn rule that gives nothing yet, and open its form."""
    draft = _draft(desk, name)
    if request.method != "POST":
        raise Http404
    taken = {part.code for part in parts_of(draft.document) if part.table == "earn"}
    code = next(f"rule-{number}" for number in range(1, len(taken) + 2) if f"rule-{number}" not in taken)
    text = add_table(draft.document, "earn", {"code": code, "points": 0})
    _keep(request, desk, draft, text)
    return redirect("admin:programme_part", name=name, table="earn", code=code)


def _save(
    request: HttpRequest, desk: Desk, draft: Draft, path: Path, fields: list[tuple[Field, Field]]
) -> HttpResponse:
    text = draft.document
    try:
        for before, after in fields:
            if before.value != after.value:
                text = _written(text, (*path, *after.path), after, _currency(text))
    except NoSuchPlace:
        messages.error(request, _("This is written in a way that the form cannot change: change the text."))
        return redirect("admin:programme_draft", name=draft.name)
    return _keep(request, desk, draft, text)


def _keep(request: HttpRequest, desk: Desk, draft: Draft, text: str) -> HttpResponse:
    now = datetime.now(UTC)
    asked = request.POST.get("revision", "")
    based_on = int(asked) if asked.isdecimal() and len(asked) < 9 else draft.revision  # noqa: PLR2004 - no such one
    try:
        saved = save_draft(desk.conn, draft.name, text, actor=desk.actor, now=now, based_on=based_on)
    except RequestError as error:
        return refused(request, error, "programme_draft", name=draft.name)
    messages.success(request, _("Saved as revision %(revision)s.") % {"revision": saved.revision})
    return redirect("admin:programme_draft", name=draft.name)


def _written(text: str, path: Path, field: Field, currency: str) -> str:
    if not field.value:
        return remove_field(text, path)
    return set_field(text, path, _value(field, currency))


def _value(field: Field, currency: str) -> str | int | bool:
    """What the document holds for what was typed. Raises NotReadable."""
    match field.kind:
        case "money":
            return _minor(field.value, currency)
        case "number":
            return _whole(field.value)
        case "choice":
            return field.value == "true"
        case "rule":
            return int(field.value) if field.value.isascii() and field.value.isdecimal() else field.value
        case _:
            return field.value


def _whole(text: str) -> int:
    try:
        return int("".join(text.split()))
    except ValueError as error:
        raise NotReadable from error


def _minor(text: str, currency: str) -> int:
    try:
        amount = Decimal("".join(text.split()).replace(",", ".")).scaleb(DECIMALS[currency])
    except InvalidOperation as error:
        raise NotReadable from error
    if not amount.is_finite() or amount != amount.to_integral_value():
        raise NotReadable
    return int(amount)


def _typed(field: Field, request: HttpRequest, currency: str) -> Field:
    value = request.POST.get(field.name, field.value).replace("\r\n", "\n").strip()
    typed = msgspec.structs.replace(field, value=value)
    try:
        if value:
            _value(typed, currency)
    except NotReadable:
        return msgspec.structs.replace(typed, fault=_("“%(text)s” is not a number.") % {"text": value})
    return typed


def _fields(table: str, values: dict[str, Any], currency: str) -> list[Field]:
    """The simple fields that a thing has, after those that are always offered."""
    held = {path: value for path, value in _leaves(values) if path != ("code",)}
    if ("name",) in held:
        offered = tuple(path for path in _OFFERED.get(table, ()) if path[0] != "name")
        held = {("name",): held.pop(("name",)), **held}
    else:
        offered = _OFFERED.get(table, ())
    wanted = dict.fromkeys([*offered, *held])
    return [_field(table, path, held.get(path), currency) for path in wanted]


def _field(table: str, path: FieldPath, value: object, currency: str) -> Field:
    label = field_name(path, reader())
    if isinstance(value, bool):
        return Field(path, label, "choice", "true" if value else "false")
    key = key_at((table, *path))
    if key is not None and isinstance(key.kind, (Written, WholeOrWritten)):
        return Field(path, label, "rule", "" if value is None else str(value))
    if isinstance(value, int):
        if is_money((table, *path)) and currency in DECIMALS:
            return Field(path, label, "money", str(Decimal(value).scaleb(-DECIMALS[currency])))
        return Field(path, label, "number", str(value))
    return Field(path, label, "text", "" if value is None else str(value))


def _leaves(values: dict[str, Any], path: FieldPath = ()) -> list[tuple[FieldPath, object]]:
    found: list[tuple[FieldPath, object]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            found += _leaves(value, (*path, name))
        elif isinstance(value, (str, int)):
            found.append(((*path, name), value))
    return found


def _thing(text: str, table: str, code: str) -> tuple[Subject, dict[str, Any]]:
    try:
        document = tomllib.loads(text)
    except ValueError as error:
        raise Http404 from error
    for subject, values in things_of(document):
        if (subject.table, subject.code or THE_ONLY) == (table, code) and isinstance(values, dict):
            return subject, values
    raise Http404


def _path(table: str, code: str) -> Path:
    return (table,) if code == THE_ONLY else (table, code)


def _currency(text: str) -> str:
    head = tomllib.loads(text).get("programme", {})
    found = head.get("currency") if isinstance(head, dict) else None
    return found if isinstance(found, str) else ""


def _draft(desk: Desk, name: str) -> Draft:
    try:
        return load_draft(desk.conn, name)
    except UnknownDraft as error:
        raise Http404 from error
