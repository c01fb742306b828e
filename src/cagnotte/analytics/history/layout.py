"""How a history lies in its folder: `events/*.parquet`, `products.parquet`, `stores.parquet`, `history.json`.

A row of `events` is one event of one member. Rows stand member by member, each member's in order of time, and
a row group holds whole members: so it can be read, decided and forgotten on its own.
"""

from datetime import date, datetime
from pathlib import Path

import msgspec
import pyarrow as pa

FORMAT = 1
ROWS_AT_ONCE = 20_000  # of a row group, and more when one member alone has more
GROUPS_PER_FILE = 50

EVENTS, PRODUCTS, STORES, FACTS = "events", "products.parquet", "stores.parquet", "history.json"

_text = pa.string()
EVENT_COLUMNS = pa.schema(
    [
        pa.field("member_id", pa.int64(), nullable=False),
        pa.field("profile", _text, nullable=False),  # JSON of a `Profile`, as the member is today
        pa.field("event_id", pa.int64(), nullable=False),
        pa.field("at", pa.timestamp("us"), nullable=False),  # wall clock of the member
        pa.field("event", _text),  # JSON of an `Event` that is not a sale; then the columns below say nothing
        pa.field("store", _text, nullable=False),
        pa.field("region", _text, nullable=False),
        pa.field("till", _text, nullable=False),
        pa.field("channel", _text, nullable=False),
        pa.field("coupons", pa.list_(_text)),
        pa.field("payments", _text),  # JSON of `PointsPayment`s
        pa.field("order_discount", pa.int64(), nullable=False),
        pa.field("delivery", pa.int64(), nullable=False),
        pa.field("attributes", _text),  # JSON
        pa.field("currency", _text),  # of the sale, its lines, delivery and order_discount; null: the programme's
        pa.field("paid", pa.int64(), nullable=False),  # sum of the lines, in the programme's currency
        pa.field("product", pa.list_(pa.int32()), nullable=False),  # row of products.parquet, from 0
        pa.field("quantity", pa.list_(pa.int32()), nullable=False),
        pa.field("line_paid", pa.list_(pa.int64()), nullable=False),
        pa.field("listed", pa.list_(pa.int64())),  # null where no line of the sale says it
        pa.field("tax", pa.list_(pa.int64())),
        pa.field("cost", pa.list_(pa.int64())),
        pa.field("line_attributes", pa.list_(_text)),  # JSON
    ]
)
DICTIONARIES = ("profile", "store", "region", "till", "channel")
PRODUCT_COLUMNS = pa.schema(
    [(name, _text) for name in ("sku", "name", "category", "department", "brand", "supplier")]
    + [("tags", pa.list_(_text))]
)
STORE_COLUMNS = pa.schema([("store", _text), ("name", _text)])


class HistoryFacts(msgspec.Struct, frozen=True):
    """What a history holds. `snapshot`: PostgreSQL's, whose finished transactions are in it and no others.

    Days are local; None in a history without a sale. `timezones`: country -> clock, where it is another one;
    `currencies`: of sales that are in another than the programme's `currency`.
    """

    format: int
    members: int
    sales: int
    lines: int
    first_day: date | None
    last_day: date | None
    timezone: str
    currency: str
    snapshot: str
    exported_at: datetime
    timezones: dict[str, str] = {}
    currencies: tuple[str, ...] = ()


class HistoryRefused(Exception):
    """A folder that is no history, or that must not become one; `reason` is a code."""

    def __init__(self, reason: str, folder: Path) -> None:
        super().__init__(f"{reason}: {folder}")
        self.reason = reason
        self.folder = folder


def read_facts(folder: Path) -> HistoryFacts:
    """Raises HistoryRefused when the folder holds no whole history of this format."""
    try:
        content = (folder / FACTS).read_bytes()
    except OSError as error:
        raise HistoryRefused("no_history", folder) from error
    try:
        facts = msgspec.json.decode(content, type=HistoryFacts)
    except msgspec.DecodeError as error:
        raise HistoryRefused("unreadable", folder) from error
    if facts.format != FORMAT:
        raise HistoryRefused("other_format", folder)
    return facts


def make_room(folder: Path) -> None:
    """An empty place for a history; an older one there is taken away.

    Raises HistoryRefused when the folder holds other things, and OSError when it cannot be written.
    """
    events = folder / EVENTS
    if folder.exists() and any(folder.iterdir()) and not _is_ours(folder):
        raise HistoryRefused("not_empty", folder)
    (folder / FACTS).unlink(missing_ok=True)  # first: what is half written is no history
    for old in events.glob("*.parquet"):
        old.unlink()
    events.mkdir(parents=True, exist_ok=True)


def _is_ours(folder: Path) -> bool:
    """Whether nothing lies there but what an export, whole or stopped, leaves."""
    return {each.name for each in folder.iterdir()} <= {EVENTS, PRODUCTS, STORES, FACTS}
