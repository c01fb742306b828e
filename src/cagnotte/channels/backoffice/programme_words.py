"""A programme in sentences: everything that it says, by subject, in the reader's language."""

from cagnotte.channels.backoffice import programme_words_about as about
from cagnotte.channels.backoffice.programme_words_accounting import accounting
from cagnotte.channels.backoffice.programme_words_adjustments import adjustments
from cagnotte.channels.backoffice.programme_words_earning import achievement, earn, measure, referral
from cagnotte.channels.backoffice.programme_words_offer_policy import combination
from cagnotte.channels.backoffice.programme_words_offers import of_offer
from cagnotte.channels.backoffice.programme_words_points import conversion, exchange, of_wallet, pooling, sending
from cagnotte.channels.backoffice.programme_words_policies import earning, late, returns
from cagnotte.channels.backoffice.programme_words_shape import Item, Section, item, period, say
from cagnotte.channels.backoffice.programme_words_tiers import of_tier, plan
from cagnotte.channels.backoffice.programme_words_time import calendar, cap
from cagnotte.domain.programme.document import Programme

__all__ = ["Item", "Section", "in_sentences", "period"]


def in_sentences(programme: Programme) -> list[Section]:
    """The whole programme, in the reader's language; sections of which it says nothing are left out."""
    sections = [*_points(programme), *_rewards(programme), *_people(programme), *_facts(programme)]
    return [section for section in sections if section.items]


def _points(programme: Programme) -> list[Section]:
    return [
        Section("about", say("The programme"), about.whole(programme)),
        Section("goals", say("Goals"), [about.goal(each) for each in programme.goals]),
        Section("earn", say("How points are earned"), [earn(rule, programme) for rule in programme.earn]),
        Section("earning", say("What counts for earning"), earning(programme.earning)),
        Section("caps", say("Caps that rules share"), _shared_caps(programme)),
        Section("wallets", say("Wallets"), [of_wallet(wallet, programme) for wallet in programme.wallets]),
        Section("returns", say("Returns"), returns(programme.returns)),
        Section("late", say("What arrives late"), late(programme.late)),
        Section("accounting", say("Points in the accounts"), accounting(programme.accounting)),
        Section("adjustments", say("Points moved by hand"), adjustments(programme)),
    ]


def _rewards(programme: Programme) -> list[Section]:
    return [
        Section(
            "conversions", say("What points buy"), [conversion(each, programme) for each in programme.conversions]
        ),
        Section("transfers", say("Points between members"), sending(programme)),
        Section("households", say("Points of households"), pooling(programme)),
        Section("exchanges", say("Exchanges"), [exchange(each, programme) for each in programme.exchanges]),
        Section("offers", say("Offers"), [of_offer(offer, programme) for offer in programme.offers]),
        Section("offer-policy", say("How offers combine"), combination(programme.offer_policy)),
    ]


def _people(programme: Programme) -> list[Section]:
    return [
        Section("tiers", say("Statuses"), [of_tier(tier, programme) for tier in programme.tiers]),
        Section("plans", say("Memberships"), [plan(each, programme) for each in programme.plans]),
        Section("achievements", say("Badges"), [achievement(each, programme) for each in programme.achievements]),
        Section(
            "referral", say("Referral"), [referral(programme.referral, programme)] if programme.referral else []
        ),
        Section("messages", say("Messages"), [about.message(each, programme) for each in programme.messages]),
    ]


def _facts(programme: Programme) -> list[Section]:
    return [
        Section("share-of-wallet", say("Share of wallet"), about.share_of_wallet(programme.share_of_wallet)),
        Section("measures", say("Measures"), [measure(each, programme) for each in programme.measures]),
        Section("calendars", say("Calendars"), [calendar(each) for each in programme.calendars]),
        Section("events", say("Events"), about.events(programme)),
        Section("attributes", say("Attributes"), about.attributes(programme.declared)),
        Section("brands", say("Brands"), [about.brand(each) for each in programme.brands]),
        Section("countries", say("Countries"), [about.country(each, programme) for each in programme.countries]),
    ]


def _shared_caps(programme: Programme) -> list[Item]:
    own = ("earn.", "offer.")
    shared = [each for each in programme.caps if not each.code.startswith(own)]
    return [item({}, each.code, [cap(programme, each)]) for each in shared]
