"""What is packed is read again byte for byte, by this program and by those that come after it."""

from __future__ import annotations

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cagnotte.storage import packing
from cagnotte.storage.packing import pack, plain, unpack

DECISION = (
    b'{"event_id":913875295591948544,"day":"2026-03-01","effects":[{"type":"RuleEarned","rule":"caddie","wallet":"coeurs",'
    b'"points":150},{"type":"LotOpened","lot":{"lot_id":913875295591948544,"wallet":"coeurs","points_open":150,'
    b'"earned_on":"2026-03-01","expires_on":"2027-03-01","usable_from":null,"awaits":""}},{"type":"DayCounted","total":'
    b'{"day":"2026-03-01","paid":15000,"earned":[["coeurs",150]],"visits":1,"measured":[]},"active":true}],"used":'
    b'{"tier":"argent","balance":270,"purchases":3,"profile":{}}}'
)
# As the first program that packed wrote it: what is kept in books is read for ever.
OF_OLD = bytes.fromhex(
    "0143492886c616e6a64696a6a69686962616a62626a829c798a494939c98929289927692f3534b8b5022de94d898c7e2325c"
    "c6c2928229d6b4608c332d18533d2d18a3a40553f4c40073375086a2d49058940eea7f20a5062373d4e4608c9c1c80910e00"
)


@given(st.binary(max_size=3_000))
def test_any_bytes_come_back_as_they_were(data: bytes) -> None:
    assert unpack(pack(data)) == data
    assert unpack(plain(data)) == data
    assert len(pack(data)) <= len(data) + 1


def test_a_decision_takes_less_than_a_third() -> None:
    assert len(pack(DECISION)) < len(DECISION) / 3


def test_what_was_packed_before_is_read_again() -> None:
    assert unpack(OF_OLD) == DECISION


def test_the_dictionary_is_the_one_that_decisions_were_packed_with() -> None:
    """New words are a new dictionary: with another one under its number nothing kept could be read."""
    words = packing._DICTIONARIES[1]
    assert hashlib.sha256(words).hexdigest() == "66ea4d5595a236768ae05fdce5418b54c1682be56032a096a2d014b0f62b1603"
    assert len(words) <= 4_096 - 262, "deflate reaches no further back"


def test_bytes_of_an_unknown_dictionary_or_changed_ones_are_not_guessed() -> None:
    with pytest.raises(KeyError):
        unpack(b"\x63" + pack(DECISION)[1:])
    with pytest.raises(zlib.error):
        unpack(bytes((1, 0xFF)) + pack(DECISION)[2:])
    for cut in (pack(DECISION)[:-3], pack(DECISION) + b"more"):
        with pytest.raises(zlib.error):
            unpack(cut)
