"""What a document declares, found before its rules are read."""

from collections.abc import Iterable

from cagnotte.domain.programme.known import Known
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.reading_earning import ends_inclusive
from cagnotte.domain.programme.reading_life import declared
from cagnotte.domain.programme.reading_tiers import family_of
from cagnotte.domain.programme.vocabulary import Vocabulary
from cagnotte.domain.rules import is_rule_name
from cagnotte.domain.tiers.terms import MAIN


def known_of(root: Table) -> Known:
    """What the document declares, from its headers and codes alone."""
    wallets = tuple(root.named_tables("wallets"))
    own = declared(root)
    families = _families(root)
    measures = tuple(root.named_tables("measures"))
    calendars = tuple(root.named_tables("calendars"))
    vocabulary = Vocabulary(
        own,
        wallets=_writable(wallets),
        families=_writable(dict.fromkeys([MAIN, *families.values()])),
        measures=_writable(measures),
        calendars=_writable(calendars),
    )
    return Known(
        vocabulary=vocabulary,
        wallets=wallets,
        events=tuple(own.events),
        measures=measures,
        calendars=calendars,
        families=families,
        caps=tuple(root.named_tables("caps")),
        partners=tuple(root.named_tables("partners")),
        ends_inclusive=ends_inclusive(root),
    )


def _families(root: Table) -> dict[str, str]:
    """Tier -> its family."""
    tables = [table for table in root.tables("tiers") if isinstance(table.values.get("code"), str)]
    return {table.values["code"]: family_of(table) for table in tables}


def _writable(names: Iterable[str]) -> list[str]:
    """Those that a rule can write after a dot: a code with a hyphen would be a subtraction."""
    return [name for name in names if is_rule_name(name)]


def codes(root: Table, name: str) -> tuple[str, ...]:
    """The codes that the tables [[name]] say, as they are written."""
    found = [table.values.get("code") for table in root.tables(name)]
    return tuple(dict.fromkeys(code for code in found if isinstance(code, str)))
