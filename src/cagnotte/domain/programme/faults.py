"""What is wrong with a programme document: codes and places. The sentences are made at the edge."""

from enum import StrEnum

import msgspec

from cagnotte.domain.programme.positions import Path


class ProgrammeFaultCode(StrEnum):
    NOT_TOML = "not_toml"
    UNKNOWN_NAME = "unknown_name"
    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    BAD_CODE = "bad_code"
    DUPLICATE_CODE = "duplicate_code"
    UNKNOWN_WALLET = "unknown_wallet"
    UNKNOWN_TIMEZONE = "unknown_timezone"
    UNKNOWN_CURRENCY = "unknown_currency"
    UNKNOWN_CHOICE = "unknown_choice"
    BAD_PERIOD = "bad_period"
    MUST_BE_POSITIVE = "must_be_positive"
    MUST_NOT_BE_NEGATIVE = "must_not_be_negative"
    NUMBER_TOO_LARGE = "number_too_large"
    ONE_OF_TWO = "one_of_two"
    TIER_NEVER_HIGHER = "tier_never_higher"
    TOO_MANY = "too_many"
    RESERVED_CODE = "reserved_code"


class ProgrammeFault(msgspec.Struct, frozen=True):
    """One fault. `code` is one of ProgrammeFaultCode, or of RuleFaultCode with "rule." before it.

    `start` and `end` are offsets into the text, end exclusive; `params` fill the named places
    of the sentence, `suggestion` among them when there is a near name.
    """

    code: str
    path: Path
    start: int
    end: int
    params: dict[str, str]


class ProgrammeError(Exception):
    """The document is refused; `faults` are in the order of the text."""

    def __init__(self, faults: tuple[ProgrammeFault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults
