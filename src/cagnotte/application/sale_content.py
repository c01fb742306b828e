"""What makes a sale the same sale: its content, as a hash, and the account of a guest."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from cagnotte.domain.kernel import MemberId


def content_hash(
    *, member_id: MemberId, store: str, at: datetime, channel: str, lines: Iterable[tuple[str, int, int]]
) -> bytes:
    """16 bytes that are equal for equal sales; the order of lines (sku, quantity, paid) does not matter."""
    content = sorted([f"{sku}\x1e{quantity}\x1e{paid}" for sku, quantity, paid in lines])
    content += [str(member_id), store, at.astimezone(UTC).isoformat(), channel]
    return hashlib.blake2b("\x1f".join(content).encode(), digest_size=16).digest()


def guest_account(external_id: str) -> MemberId:
    """The account of one guest sale: negative, and always the same for the same sale, so a retry finds it.

    Sixty bits of SHA-256; `ordered_sales.sql` says the same in SQL.
    """
    return MemberId(-1 - int(hashlib.sha256(external_id.encode()).hexdigest()[:15], 16))
