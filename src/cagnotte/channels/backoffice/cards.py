"""One figure on a page."""

import msgspec


class Card(msgspec.Struct, frozen=True):
    """One figure: its name, its value, what puts it in context, and how it is computed."""

    label: str
    value: str
    detail: str
    how: str
    is_main: bool = False
