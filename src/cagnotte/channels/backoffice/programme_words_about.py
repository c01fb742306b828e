"""What a programme is for, whom and where it serves, what it knows, and what it says to members, in words."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.programme_words_shape import (
    CONDITION,
    Item,
    all_of,
    item,
    occasion_that,
    period,
    place,
    say,
)
from cagnotte.channels.backoffice.programme_words_time import life
from cagnotte.channels.wording import N_
from cagnotte.domain.members.wallet_share import ShareTerms
from cagnotte.domain.programme.document import (
    Announce,
    AttributeType,
    Brand,
    Country,
    Declared,
    Goal,
    LeapBirthday,
    Message,
    Programme,
    called,
)

_KINDS = {
    "win_customers": N_("Win customers."),
    "keep_customers": N_("Keep customers."),
    "share_of_wallet": N_("Win a larger share of what customers spend."),
    "more_purchases": N_("More purchases."),
    "cross_sell": N_("Sell other ranges to the same customers."),
    "profitable": N_("Be profitable."),
    "gather_data": N_("Know customers better."),
    "ease_communication": N_("Speak with customers more easily."),
    "differentiate_service": N_("Serve the best customers better."),
    "value_proposition": N_("Give customers a reason to choose the brand."),
}
_TYPES = {
    AttributeType.INT: N_("whole number"),
    AttributeType.TEXT: N_("text"),
    AttributeType.BOOL: N_("yes or no"),
    AttributeType.TEXTS: N_("list of texts"),
    AttributeType.DATE: N_("day"),
}
_OWNERS = {"member": N_("Of members"), "sale": N_("Of sales"), "line": N_("Of lines")}


def whole(programme: Programme) -> list[Item]:
    """Who may take part, how long the programme holds, and its own choices."""
    audience = (
        say("Everyone may take part.")
        if programme.audience is None
        else say("Who meets the condition may take part.")
    )
    members = item({}, say("Who it is for"), [audience, life(programme.life)], ((CONDITION, programme.audience),))
    choices = [
        say("Of several statuses passed at once, each is announced.")
        if programme.announce is Announce.EVERY
        else "",
        say("A birthday of 29 February is kept on 1 March in other years.")
        if programme.leap_birthday is LeapBirthday.AFTER
        else "",
    ]
    return [members, *([item({}, say("Small choices"), choices)] if any(choices) else [])]


def share_of_wallet(terms: ShareTerms | None) -> list[Item]:
    """How the share of what members spend on such goods is estimated."""
    if terms is None:
        return []
    alike = (
        say("A member is compared with all members.")
        if not terms.peers
        else say("A member is compared with those of the same %(peers)s.", peers=all_of(terms.peers))
    )
    wallet = say(
        "The wallet is what %(quantile)s %% of them do not pass within %(period)s; its interval is sure to"
        " %(confidence)s %%.",
        quantile=written.whole(terms.quantile),
        period=period(terms.within),
        confidence=written.whole(terms.confidence),
    )
    least = say(
        "With fewer than %(count)s of them, the last of what they have in common is left out.",
        count=written.whole(terms.least_peers),
    )
    said = say("What a member says to spend in “%(name)s” counts instead.", name=terms.declared)
    return [
        item({}, say("Estimate"), [alike, wallet, least if terms.peers else "", said if terms.declared else ""])
    ]


def goal(each: Goal) -> Item:
    return item(
        each.name,
        each.code,
        [
            gettext(_KINDS[each.kind]),
            say("Measured by: %(text)s.", text=each.measured_by) if each.measured_by else "",
            say("Success: %(text)s.", text=each.success) if each.success else "",
            say("Strategy: %(text)s.", text=each.strategy) if each.strategy else "",
        ],
    )


def brand(each: Brand) -> Item:
    return item(each.name, each.code, [say("A brand of the programme.")])


def country(each: Country, programme: Programme) -> Item:
    """What differs in a country; "" means as in the programme."""
    return item(
        {},
        each.code,
        [
            say("Time zone: %(zone)s.", zone=each.timezone or programme.timezone),
            _currency_of(each, programme),
            say("Language: %(language)s.", language=each.language) if each.language else "",
        ],
    )


def _currency_of(each: Country, programme: Programme) -> str:
    if not each.worth:
        return say("Amounts in %(currency)s.", currency=programme.currency)
    return say(
        "Amounts in %(currency)s; 1 %(currency)s is worth %(worth)s %(own)s.",
        currency=each.currency,
        worth=written.decimal(each.worth),
        own=programme.currency,
    )


def attributes(declared: Declared) -> list[Item]:
    """The programme's own attributes, by what they belong to."""
    of = {"member": declared.member, "sale": declared.sale, "line": declared.line}
    return [item({}, gettext(_OWNERS[owner]), [_typed(names)]) for owner, names in of.items() if names]


def events(programme: Programme) -> list[Item]:
    declared = programme.declared
    return [
        item(
            declared.event_names.get(code, {}),
            code,
            [
                say("It is reported with %(fields)s.", fields=_fields(fields))
                if fields
                else say("It is reported without fields.")
            ],
        )
        for code, fields in declared.events.items()
    ]


def message(each: Message, programme: Programme) -> Item:
    text = called(each.text, each.code, (get_language() or "en")[:2])
    shows = say(
        "%(occasion)s shows it %(place)s: “%(text)s”",
        occasion=occasion_that(programme, each.on, each.when),
        place=place(each.place),
        text=text,
    )
    return item({}, each.code, [shows], ((CONDITION, each.when),))


def _typed(names: Mapping[str, AttributeType]) -> str:
    return say("Rules read %(fields)s.", fields=_fields(names))


def _fields(names: Mapping[str, AttributeType]) -> str:
    typed = [say("“%(name)s” (%(type)s)", name=name, type=gettext(_TYPES[kind])) for name, kind in names.items()]
    return all_of(typed)
