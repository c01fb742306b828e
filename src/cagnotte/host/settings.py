"""The program's settings: one frozen value, read once from the environment when a command starts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from platformdirs import user_data_dir

PREFIX = "CAGNOTTE_"
DATABASE_URL = "DATABASE_URL"

type TcpPort = Annotated[int, msgspec.Meta(ge=1, le=65535)]
type AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator can choose. Each field is the variable `CAGNOTTE_<FIELD>`, except `DATABASE_URL`."""

    database_url: str | None = None  # null: the embedded server, its data below data_dir
    data_dir: Path = msgspec.field(default_factory=lambda: Path(user_data_dir("cagnotte")))
    host: str = "127.0.0.1"
    port: TcpPort = 8765
    workers: AtLeastOne = 1
    threads: AtLeastOne = 256  # requests at once in each worker, most of which wait for a connection
    connections: AtLeastOne = 6  # of each worker for the API and what pages show; as many for who is signed in
    language: Literal["en", "fr"] | None = None  # null: the reader's own
    allow_unsafe_database: bool = False  # for tests alone: a server that loses what it confirmed


class SettingsInvalid(ValueError):
    """A variable is misspelt or holds a value of the wrong type. One sentence per line."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `CAGNOTTE_*` and `DATABASE_URL`; an empty DATABASE_URL counts as absent.

    Raises SettingsInvalid with every fault at once, never quoting the value of DATABASE_URL,
    which may hold a password.
    """
    fields = {_variable(name): name for name in Settings.__struct_fields__}
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    if environ.get(DATABASE_URL):
        given[DATABASE_URL] = environ[DATABASE_URL]
    faults = [_unknown(name, list(fields)) for name in sorted(given.keys() - fields.keys())]
    known = {name: value for name, value in given.items() if name in fields}
    for name, value in known.items():
        faults += _ill_typed(name, fields[name], value)
    if faults:
        raise SettingsInvalid("\n".join(faults))
    return _convert({fields[name]: value for name, value in known.items()})


def _variable(field: str) -> str:
    return DATABASE_URL if field == "database_url" else PREFIX + field.upper()


def _convert(values: Mapping[str, str]) -> Settings:
    return msgspec.convert(dict(values), Settings, strict=False, dec_hook=_read_path)


def _read_path(wanted: type, value: object) -> Path:
    if wanted is not Path or not value or not isinstance(value, str):
        raise ValueError("Expected the path of a folder")
    return Path(value).expanduser().absolute()


def _unknown(name: str, known: list[str]) -> str:
    by_ending = {variable.removeprefix(PREFIX): variable for variable in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), list(by_ending), n=1)
    advice = f"did you mean {by_ending[near[0]]}?" if near else f"known names are {', '.join(known)}."
    return f"{name} is not a setting: {advice}"


def _ill_typed(name: str, field: str, value: str) -> list[str]:
    try:
        _convert({field: value})
    except msgspec.ValidationError as fault:
        reason = re.sub(r" - at `.*", "", str(fault)).replace("`", "")
        return [f"{name}={value!r} cannot be used: {reason[0].lower()}{reason[1:]}."]
    return []
