"""Sentences for what is wrong with a programme, and the lines with a caret that show where."""

from cagnotte.channels.wording.speech import N_, Speech
from cagnotte.domain.programme.faults import ProgrammeFault

SENTENCES: dict[str, str] = {
    "not_toml": N_("This is not valid TOML: %(detail)s."),
    "unknown_name": N_("“%(name)s” is not known here. Known names: %(known)s."),
    "missing": N_("“%(name)s” is missing here."),
    "wrong_type": N_("“%(name)s” must be %(expected)s, not %(found)s."),
    "empty": N_("“%(name)s” is empty."),
    "bad_code": N_(
        "“%(found)s” cannot be a code: use small letters, digits, “-” and “_”, beginning with a letter,"
        " 63 characters at most."
    ),
    "duplicate_code": N_("The code “%(found)s” is used twice in “%(name)s”: each one needs its own."),
    "unknown_wallet": N_("There is no wallet “%(found)s”. Known wallets: %(known)s."),
    "unknown_timezone": N_("“%(found)s” is not a time zone. Write one like Europe/Paris."),
    "unknown_currency": N_("“%(found)s” is not a currency. Write the three capital letters, like EUR."),
    "unknown_choice": N_("“%(found)s” is not possible for “%(name)s”. Possible: %(known)s."),
    "bad_period": N_("“%(found)s” is not a period. Write “N days” or “N months”, up to 100 years."),
    "must_be_positive": N_("“%(name)s” must be 1 or more, not %(found)s."),
    "must_not_be_negative": N_("“%(name)s” must be 0 or more, not %(found)s."),
    "number_too_large": N_("“%(name)s” must not be above %(most)s."),
    "one_of_two": N_("Give either “%(first)s” or “%(second)s”, one of the two."),
    "tier_never_higher": N_(
        "The tier “%(tier)s” must ask for more than “%(below)s”, which stands before it: tiers go from the"
        " lowest to the highest."
    ),
    "too_many": N_("There are too many of them: %(most)s at most."),
    "reserved_code": N_("“%(found)s” means members without a tier: choose another code."),
    "too_large": N_("The document is too large: %(most)s characters at most."),
    "one_needed": N_("One of these is needed here: %(known)s."),
    "needs_another": N_("“%(name)s” means something only together with “%(other)s”."),
    "unknown_reference": N_("This programme has no “%(found)s” for “%(name)s”."),
    "bad_name": N_(
        "“%(found)s” cannot be a name in rules: use small letters, digits and “_”, beginning with a letter, and no"
        " word of the rule language."
    ),
    "name_taken": N_("“%(found)s” already means something in rules: choose another name."),
    "bad_country": N_("“%(found)s” is not a country. Write its two capital letters, like FR."),
    "bad_worth": N_(
        "“%(found)s” is not what a currency can be worth. Write what one unit is worth in the currency of the"
        ' programme, like "1.05".'
    ),
    "worth_without_currency": N_(
        "A worth is for another currency: amounts in %(currency)s are not exchanged. Say the currency,"
        " or leave the worth out."
    ),
    "other_worth": N_("%(currency)s is worth %(other)s in another country: a currency has one worth."),
    "bad_language": N_("“%(found)s” is not a language. Write its two or three small letters, like fr."),
    "bad_date": N_("“%(name)s” must be a date without quotes, like 2026-12-31."),
    "bad_moment": N_(
        "“%(name)s” must be a date or a time without quotes, like 2026-12-31 or 2026-12-31T18:00:00."
    ),
    "bad_month_day": N_("“%(name)s” must be a day that every year has, as month and day in quotes: 12-31."),
    "not_local_time": N_("“%(name)s” must be local time: leave the time zone out."),
    "ends_before_it_begins": N_("“%(second)s” must be after “%(first)s”."),
    "never_in_force": N_("The rule “%(code)s” is never in force: the programme has no day in common with it."),
    "bad_recurrence": N_("“%(found)s” does not say which days. Write a rule like FREQ=WEEKLY;BYDAY=TU."),
    "no_days": N_("There is no day in the calendar “%(code)s”."),
    "bad_hours": N_("“%(found)s” is not a range of hours. Write one like 17:00-19:00."),
    "bad_factor": N_("“%(found)s” cannot multiply. Write a number above 1: 2, or “1.5” in quotes."),
    "bands_must_rise": N_("Each band must reach further than the one before it; only the last one has no “upto”."),
    "last_band_open": N_("The last band must not have “upto”, so that every amount lies in a band."),
    "only_on_purchase": N_("“%(name)s” only works for purchases: nothing else has a basket."),
    "multiplies_multiplier": N_(
        "“%(rule)s” multiplies “%(other)s”, which is a multiplier too. Only rules that give points are multiplied;"
        " “multiply.combine” in [earning] says how several multipliers work together."
    ),
    "other_wallet": N_("“%(rule)s” multiplies “%(other)s”, whose points go to another wallet."),
    "other_occasion": N_("“%(rule)s” multiplies “%(other)s”, which looks at another occasion: they never meet."),
    "group_of_one": N_("The group “%(found)s” has one rule only: there is nothing to choose the best of."),
    "group_mixed": N_(
        "The group “%(found)s” has multipliers and other rules: what a multiplier adds depends on the others, so"
        " the best of them cannot be told. Give the multipliers a group of their own."
    ),
    "wallets_mixed": N_("Points of “%(first)s” and of “%(second)s” cannot be compared or added up."),
    "families_mixed": N_(
        "A member may hold a tier of “%(first)s” and one of “%(second)s” at once, and nothing says which of them"
        " counts: name tiers of one family."
    ),
    "rounding_mixed": N_(
        "The points of “%(wallet)s” are rounded as one sum: its rules must all be rounded alike."
    ),
    "same_cap_twice": N_("Two caps count the same thing over the same time: only the smaller one would matter."),
    "cap_never_reached": N_("A rule gives points once per sale: this cap is never reached."),
    "keep_asks_more": N_("To keep “%(tier)s” asks for more than to reach it."),
    "two_periods": N_("The measure has a period of its own, %(found)s: leave “%(name)s” out."),
    "end_not_kept": N_(
        "Points of “%(code)s” await an event, and get their end from the wallet’s terms when it comes: an end of"
        " their own cannot count from the day on which they can be used."
    ),
    "too_many_lots": N_(
        "One occasion would give more than %(most)s lots of points, with what else it moves: let rules have the"
        " same pending and expiry, or let fewer achievements give points."
    ),
    "less_than_least": N_("%(found)s is fewer than “least”, which is %(least)s."),
    "same_wallet": N_("Points of “%(found)s” cannot become points of the same wallet."),
    "cap_of_money": N_(
        "“%(found)s” is a limit in money: what members give each other is counted in points or times."
    ),
    "ceiling_twice": N_("Another ceiling is of the same role and wallet: keep one of the two."),
    "cap_not_of_member": N_(
        "“%(found)s” is a limit that members share: what each member gives the household is limited per member."
    ),
    "circle": N_("This refers to itself in a circle: %(path)s."),
    "percent_out_of_range": N_("“%(name)s” is a whole percentage from 50 to 99, not %(found)s."),
    "rule.empty": N_("The rule is empty."),
    "rule.too_long": N_("The rule is too long: %(limit)s characters at most."),
    "rule.too_deep": N_("The rule is nested too deep: %(limit)s levels at most."),
    "rule.too_many_nodes": N_("The rule has too many parts: %(limit)s at most. Split it into several rules."),
    "rule.unexpected_character": N_("The character “%(found)s” is not known in rules."),
    "rule.unclosed_text": N_("The text is not closed: %(expected)s is missing."),
    "rule.unknown_escape": N_("“%(found)s” is not a known escape in a text."),
    "rule.decimal_number": N_(
        "“%(found)s” has decimals. Amounts are whole numbers of the smallest unit: write 150 for 1.50."
    ),
    "rule.malformed_number": N_("“%(found)s” is not a whole number: write digits only."),
    "rule.number_too_big": N_("The number is too large: %(limit)s at most."),
    "rule.single_equals": N_("Write “==” to compare."),
    "rule.foreign_operator": N_("“%(found)s” is not a sign of this language."),
    "rule.foreign_word": N_("“%(found)s” is not a word of this language."),
    "rule.null": N_('There is no null here: an absent text is "".'),
    "rule.reserved_word": N_("“%(found)s” is a reserved word."),
    "rule.unexpected_token": N_("“%(found)s” does not belong here: %(expected)s was expected."),
    "rule.unexpected_end": N_("The rule stops too early: %(expected)s was expected."),
    "rule.missing_closing": N_("“%(expected)s” is missing."),
    "rule.chained_comparison": N_("Comparisons cannot be chained: write a < b && b < c."),
    "rule.unknown_name": N_("“%(name)s” is not a name that rules know."),
    "rule.unknown_field": N_("“%(record)s” has no field “%(name)s”."),
    "rule.unknown_method": N_("“%(name)s” cannot be used on %(type)s."),
    "rule.unknown_function": N_("There is no function “%(name)s”."),
    "rule.wrong_argument_count": N_("“%(name)s” takes %(expected)s, not %(found)s."),
    "rule.wrong_type": N_("“%(place)s” takes %(expected)s, not %(found)s."),
    "rule.types_differ": N_("Both sides of “%(place)s” must be of one type; here %(left)s and %(right)s."),
    "rule.wrong_result": N_("The rule gives %(found)s; %(expected)s is wanted here."),
    "rule.mixed_list": N_("A list holds values of one type: here %(expected)s and %(found)s."),
    "rule.empty_list": N_("An empty list can only stand after “in”."),
    "rule.in_needs_list": N_("After “in” comes a written list or a field that is one, not %(found)s."),
    "rule.division_by_zero": N_("“%(operator)s” by 0 is not possible."),
    "rule.division_by_expression": N_("“%(operator)s” only works with a written number on its right."),
    "rule.variable_expected": N_("A name of your choice is expected here, like l in lines.filter(l, ...)."),
    "rule.variable_shadows": N_("“%(name)s” already means something: choose another name."),
    "rule.loops_too_deep": N_("“%(name)s” is nested too deep: %(limit)s loops in one another at most."),
    "rule.bad_date": N_('%(found)s is not a date. Write it in quotes: date("2026-12-25").'),
    "rule.beyond_64_bits": N_(
        "The result of “%(part)s” could become larger than any till can count: divide earlier, or multiply less."
    ),
    "rule.too_much_work": N_(
        "The rule takes too long on a basket of %(lines)s lines: %(limit)s steps at most."
        " Take a loop out of a loop."
    ),
    "offer.bad_percent": N_(
        "“%(found)s” is not a percentage. Write one above 0, up to 100: 20, or “12.5” in quotes."
    ),
    "offer.above_most": N_("“%(name)s” must be %(most)s at most."),
    "offer.nothing_repeats": N_(
        "“repeat” needs something that can be there several times: a spend, a quantity, products or needs."
    ),
}

SUGGESTION = N_("Did you mean “%(suggestion)s”?")

KINDS: dict[str, str] = {
    "text": N_("a text in quotes"),
    "whole_number": N_("a whole number"),
    "table": N_("a table"),
    "list": N_("a list"),
    "true_or_false": N_("true or false"),
    "float": N_("a number with decimals"),
    "int": N_("a whole number"),
    "bool": N_("true or false"),
    "datetime": N_("a date"),
    "date": N_("a date"),
    "time": N_("a time"),
}
_KIND_PLACES = ("expected", "found", "left", "right", "type")


def sentence(fault: ProgrammeFault, speech: Speech) -> str:
    """What is wrong, and what was probably meant."""
    values = {name: _kind(name, value, speech) for name, value in fault.params.items()}
    said = speech.say(SENTENCES[fault.code], **values) if values else speech.say(SENTENCES[fault.code])
    if "suggestion" in fault.params:
        said += " " + speech.say(SUGGESTION, suggestion=fault.params["suggestion"])
    return said


def shown(text: str, fault: ProgrammeFault, speech: Speech, *, source: str) -> str:
    """The fault as a person wants it at a terminal: place, sentence, the line, and a caret under it."""
    line_start = text.rfind("\n", 0, fault.start) + 1
    line_end = text.find("\n", fault.start)
    line = text[line_start : len(text) if line_end < 0 else line_end].rstrip("\r")
    number, column = text.count("\n", 0, fault.start) + 1, fault.start - line_start
    under = "".join("\t" if character == "\t" else " " for character in line[:column])
    width = max(1, min(fault.end, line_start + len(line)) - fault.start)
    gutter = f"{number:>5} | "
    return "\n".join(
        (
            f"{source}:{number}:{column + 1}: {sentence(fault, speech)}",
            f"{gutter}{line}",
            f"{' ' * 5} | {under}{'^' * width}",
        )
    )


def _kind(name: str, value: str, speech: Speech) -> str:
    """Names of types are words of the reader's language; everything else is the author's own text."""
    return speech.say(KINDS[value]) if name in _KIND_PLACES and value in KINDS else value
