"""Sentences for rows and files of sales that cannot be loaded: what is wrong, and what to do."""

from cagnotte.application.loading.values import RowFaultCode as Code
from cagnotte.application.loading.values import RowRefused
from cagnotte.channels.files.columns import FileRefused
from cagnotte.channels.wording.speech import N_, Speech

ROWS: dict[Code, str] = {
    Code.NOT_UTF8: N_("The column %(column)s holds bytes that are not UTF-8: save the file as UTF-8."),
    Code.NOT_A_ROW: N_("This is not a readable row (%(column)s %(found)s): check quotes, commas and brackets."),
    Code.WRONG_NUMBER_OF_FIELDS: N_(
        "The row has %(found)s fields and the header has %(expected)s: look for a separator too many or too"
        " few, and put texts that hold one in quotes."
    ),
    Code.UNKNOWN_FIELD: N_("The field %(name)s is not known: remove it, or map it. Known: %(known)s."),
    Code.MISSING_VALUE: N_("The column %(column)s is empty: every row needs it."),
    Code.TEXT_TOO_LONG: N_("The text in %(column)s is too long: %(most)s characters at most."),
    Code.FORBIDDEN_CHARACTER: N_("The text in %(column)s holds a NUL character: remove it."),
    Code.BAD_DATE: N_("“%(found)s” in %(column)s is not a date and time: write 2026-11-21 17:05:00."),
    Code.FUTURE_DATE: N_("“%(found)s” in %(column)s lies in the future: check the clock or the time zone."),
    Code.UNKNOWN_CURRENCY: N_(
        "“%(found)s” in %(column)s is no currency of the programme: it counts in %(known)s."
    ),
    Code.BEFORE_PROGRAMME: N_(
        "“%(found)s” in %(column)s lies before the programme began (%(first)s): publish a version that covers it."
    ),
    Code.NOT_WHOLE: N_("“%(found)s” in %(column)s is not a whole number."),
    Code.NOT_AN_AMOUNT: N_(
        "“%(found)s” in %(column)s is not an amount: write 12.34, with “%(mark)s” before the decimals and no"
        " separator between thousands."
    ),
    Code.TOO_MANY_DECIMALS: N_("“%(found)s” in %(column)s has too many decimals: the currency has %(decimals)s."),
    Code.NUMBER_TOO_LARGE: N_("“%(found)s” in %(column)s is too large."),
    Code.OTHER_HEADER: N_(
        "The sale %(sale)s stands on line %(line)s with another member, store, time or channel: give this one"
        " an id of its own."
    ),
    Code.OTHER_LINES: N_(
        "The sale %(sale)s stands on line %(line)s with other lines: give this one an id of its own."
    ),
    Code.OTHER_CONTENT: N_(
        "The sale %(sale)s is already recorded with other content; what is recorded stays. Give this one an id"
        " of its own, or record a correction."
    ),
    Code.SALE_REFUSED: N_(
        "Another row of the sale %(sale)s was refused, on line %(line)s: a sale is loaded whole or not at all."
    ),
    Code.NOT_A_DAY: N_(
        "“%(found)s” in %(column)s is not a day: write 2027-06-30, or “never” for the end of points."
    ),
    Code.NEGATIVE_BALANCE: N_(
        "A balance of %(found)s cannot be opened: settle what the member owes, or take it by an adjustment"
        " afterwards."
    ),
    Code.UNKNOWN_WALLET: N_("The programme has no wallet “%(found)s”: it has %(known)s."),
    Code.REPEATED_BALANCE: N_(
        "Line %(line)s already opens points of this member with the same wallet and days: add them up, or give"
        " each row a reference of its own."
    ),
    Code.OTHER_BALANCE: N_(
        "From this source the books already hold %(found)s points under this row; what is posted stays. Correct it"
        " by an adjustment."
    ),
    Code.ENDED_BEFORE: N_("These points ended on %(found)s, before the opening: they are written off."),
}

FILES: dict[str, str] = {
    "no_such_file": N_("There is no file %(file)s."),
    "empty_file": N_("The file %(file)s is empty: nothing to load."),
    "not_parquet": N_("The file %(file)s is not a Parquet file: %(detail)s"),
    "not_readable": N_("The file %(file)s cannot be read: %(detail)s"),
    "unknown_column": N_(
        "The column %(name)s is not known. Remove it, or say with --mapping which columns to read."
        " Known: %(known)s."
    ),
    "no_such_column": N_("The mapping names a column %(name)s that the file does not have. It has: %(known)s."),
    "missing_column": N_("There is no column for %(name)s: add it, or map it with --mapping."),
    "repeated_column": N_("Two columns of %(file)s have the same name: each needs its own."),
    "two_amounts": N_("Give %(first)s (in units of the currency) or %(second)s (in its smallest unit), not both."),
    "wrong_number_of_fields": N_(
        "Line %(line)s of %(file)s has %(found)s fields and the header has %(expected)s: nothing was loaded."
    ),
    "product_without_sku": N_(
        "Line %(line)s of %(file)s has no sku: every product needs one. Nothing was loaded."
    ),
    "bad_mapping": N_("The mapping %(file)s cannot be used: %(detail)s"),
}

SUGGESTION = N_("Did you mean “%(suggestion)s”?")


def row_sentence(refused: RowRefused, speech: Speech) -> str:
    return speech.say(ROWS[refused.code], **{"column": "", "found": "", **refused.params})


def file_sentence(refused: FileRefused, speech: Speech) -> str:
    said = speech.say(FILES[refused.code], **refused.params)
    if "suggestion" in refused.params:
        said += " " + speech.say(SUGGESTION, suggestion=refused.params["suggestion"])
    return said
