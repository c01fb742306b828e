"""Codes of coupons, as they are compared."""


def normal_code(code: str) -> str:
    """A coupon's code as it is compared: without spaces or hyphens, in capitals."""
    return "".join(code.split()).replace("-", "").upper()
