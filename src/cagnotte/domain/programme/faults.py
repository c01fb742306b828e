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
    TOO_LARGE = "too_large"
    ONE_NEEDED = "one_needed"
    NEEDS_ANOTHER = "needs_another"
    UNKNOWN_REFERENCE = "unknown_reference"
    BAD_NAME = "bad_name"
    BAD_COUNTRY = "bad_country"
    BAD_LANGUAGE = "bad_language"
    BAD_WORTH = "bad_worth"
    WORTH_WITHOUT_CURRENCY = "worth_without_currency"
    OTHER_WORTH = "other_worth"
    NAME_TAKEN = "name_taken"
    BAD_DATE = "bad_date"
    BAD_MOMENT = "bad_moment"
    BAD_MONTH_DAY = "bad_month_day"
    NOT_LOCAL_TIME = "not_local_time"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    NEVER_IN_FORCE = "never_in_force"
    BAD_RECURRENCE = "bad_recurrence"
    NO_DAYS = "no_days"
    BAD_HOURS = "bad_hours"
    BAD_FACTOR = "bad_factor"
    BANDS_MUST_RISE = "bands_must_rise"
    LAST_BAND_OPEN = "last_band_open"
    ONLY_ON_PURCHASE = "only_on_purchase"
    MULTIPLIES_MULTIPLIER = "multiplies_multiplier"
    OTHER_WALLET = "other_wallet"
    OTHER_OCCASION = "other_occasion"
    GROUP_OF_ONE = "group_of_one"
    GROUP_MIXED = "group_mixed"
    WALLETS_MIXED = "wallets_mixed"
    FAMILIES_MIXED = "families_mixed"
    ROUNDING_MIXED = "rounding_mixed"
    SAME_CAP_TWICE = "same_cap_twice"
    CAP_NEVER_REACHED = "cap_never_reached"
    KEEP_ASKS_MORE = "keep_asks_more"
    TWO_PERIODS = "two_periods"
    END_NOT_KEPT = "end_not_kept"
    TOO_MANY_LOTS = "too_many_lots"
    LESS_THAN_LEAST = "less_than_least"
    SAME_WALLET = "same_wallet"
    CAP_OF_MONEY = "cap_of_money"
    CEILING_TWICE = "ceiling_twice"
    CAP_NOT_OF_MEMBER = "cap_not_of_member"
    CIRCLE = "circle"
    PERCENT_OUT_OF_RANGE = "percent_out_of_range"


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
