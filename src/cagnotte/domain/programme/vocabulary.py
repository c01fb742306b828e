"""The names a rule of the programme may use, with their types."""

from cagnotte.domain.rules import INT, TEXT, Record, Type, list_of

LINE = Record(
    "line",
    {
        "sku": TEXT,
        "quantity": INT,
        "paid": INT,
        "category": TEXT,
        "department": TEXT,
        "brand": TEXT,
        "supplier": TEXT,
        "tags": list_of(TEXT),
    },
)

PURCHASE: dict[str, Type] = {
    "eligible": Record("eligible", {"paid": INT, "quantity": INT}),
    "paid": INT,
    "lines": list_of(LINE),
    "store": TEXT,
    "channel": TEXT,
    "weekday": INT,
    "hour": INT,
    "minute": INT,
    "month": INT,
    "day_of_month": INT,
    "year": INT,
    "tier": TEXT,
    "balance": INT,
}
