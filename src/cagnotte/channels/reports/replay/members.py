"""Sections of the page about members: who wins and loses, tiers at the end, those most changed."""

from html import escape

from cagnotte.analytics.replay.figures import Measured, Spread
from cagnotte.analytics.replay.sums import MemberChange, RuleChange
from cagnotte.channels.reports.replay.charts import Group, columns
from cagnotte.channels.reports.replay.markup import Column, Reader, section, table
from cagnotte.channels.reports.replay.points import CURRENT, DIFFERENCE, DRAFT
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.replay_words import signed, thing_name, tier_name, written

_RULES_SHOWN = 4
_DECILE = N_("%(percent)s%% of the members get %(difference)s or less")
_SMALLEST, _LARGEST = N_("least"), N_("most")
_MIDDLE = N_("median")
_PARTS = (
    ("up", N_("%(members)s get more: %(points)s points together"), "winners", "won"),
    ("level", N_("%(members)s get as many"), "unchanged", ""),
    ("down", N_("%(members)s get fewer: %(points)s points together"), "losers", "lost"),
)
_MORE_RULES = N_("and %(rules)s more")


def spread_section(reader: Reader) -> str:
    """How many win and lose, and by how much, from the member who loses most to the one who wins most."""
    spread = reader.report.points_spread
    lead = reader.say(
        N_("Members in order of what changes for them: the bars stand for the member at each tenth of the way.")
    )
    return section(
        reader.say(N_("Winners and losers")), _parts(reader, spread), _deciles(reader, spread), lead=lead
    )


def tiers_section(reader: Reader) -> str:
    report, speech = reader.report, reader.speech
    headings = [
        Column(reader.say(N_("Tier")), is_figure=False),
        *[Column(reader.say(side)) for side in (CURRENT, DRAFT, DIFFERENCE)],
    ]
    cells = []
    for row in report.tiers:
        side = report.draft if row.tier in report.draft.names else report.current
        named = escape(tier_name(row.tier, side, speech))
        members = row.members
        cells.append([named, reader.figure(members.current), reader.figure(members.draft), reader.change(members)])
    counts, moves = table(headings, cells), _moves(reader)
    lead = reader.say(
        N_("Members by the tier that they hold at the end, and who holds another one under the draft.")
    )
    return section(reader.say(N_("Tiers")), f'<div class="columns">{counts}{moves}</div>', lead=lead)


def changed_section(reader: Reader) -> str:
    headings = [
        Column(reader.say(N_("Member")), is_figure=False),
        Column(reader.say(N_("Sales"))),
        Column(reader.say(N_("Spend"))),
        *[Column(reader.say(side)) for side in (CURRENT, DRAFT, DIFFERENCE)],
        Column(reader.say(N_("Tier")), is_figure=False),
        Column(reader.say(N_("Rules that make the difference")), is_figure=False),
    ]
    cells = [_member(reader, member) for member in reader.report.most_changed]
    lead = reader.say(N_("Points of the members for whom they change most."))
    return section(reader.say(N_("Members most changed")), table(headings, cells), lead=lead)


def _parts(reader: Reader, spread: Spread) -> str:
    members = max(reader.report.members, 1)
    bar, told = "", ""
    for kind, sentence, field, points in _PARTS:
        count: int = getattr(spread, field)
        bar += f'<i class="{kind}" style="width:{100 * count / members:.2f}%"></i>'
        total = signed(getattr(spread, points), reader.report, reader.speech, is_money=False) if points else ""
        said = reader.say(sentence, members=reader.speech.number(count), points=total)
        told += f'<li><i class="{kind}"></i>{said}</li>'
    return f'<div class="share-bar" aria-hidden="true">{bar}</div><ul class="legend">{told}</ul>'


def _deciles(reader: Reader, spread: Spread) -> str:
    speech, report = reader.speech, reader.report
    names = {0: speech.say(_SMALLEST), 5: speech.say(_MIDDLE), 10: speech.say(_LARGEST)}
    groups = []
    for number, value in enumerate(spread.deciles):
        shown = signed(value, report, speech, is_money=False)
        told = speech.say(_DECILE, percent=10 * number, difference=shown)
        label = names.get(number, f"{10 * number} %")
        groups.append(Group((label, shown), (value,), (told,)))
    title = speech.say(N_("Difference in points by tenth of the members"))
    return columns(title, groups, ("signed",), lambda value: signed(value, report, speech, is_money=False))


def _moves(reader: Reader) -> str:
    """Rows: the tier under the current programme; columns: under the draft."""
    report, speech = reader.report, reader.speech
    before = list(dict.fromkeys(move.current for move in report.moves))
    after = list(
        dict.fromkeys(move.draft for move in sorted(report.moves, key=lambda move: _place(reader, move.draft)))
    )
    counts = {(move.current, move.draft): move.members for move in report.moves}
    headings = [Column(reader.say(N_("Current → draft")), is_figure=False)]
    headings += [Column(escape(tier_name(tier, report.draft, speech)), is_figure=False) for tier in after]
    rows = [
        [
            escape(tier_name(tier, report.current, speech)),
            *[_moved(reader, counts.get((tier, to), 0), is_same=tier == to) for to in after],
        ]
        for tier in before
    ]
    return f'<div class="moves">{table(headings, rows)}</div>'


def _moved(reader: Reader, members: int, *, is_same: bool) -> str:
    if not members:
        return "·"
    return reader.figure(members) if is_same else f'<strong class="change">{reader.figure(members)}</strong>'


def _place(reader: Reader, tier: str) -> int:
    """Its place among the draft's tiers, lowest first."""
    order = ["", *[row.tier for row in reader.report.tiers if row.tier]]
    return order.index(tier) if tier in order else len(order)


def _member(reader: Reader, member: MemberChange) -> list[str]:
    report, speech = reader.report, reader.speech
    before = tier_name(member.tier_current, report.current, speech)
    after = tier_name(member.tier_draft, report.draft, speech)
    points = Measured.of(member.points_current, member.points_draft)
    return [
        str(member.member_id),
        reader.figure(member.sales),
        escape(written(member.spend, report, speech, is_money=True)),
        reader.figure(points.current),
        reader.figure(points.draft),
        reader.change(points),
        escape(before if before == after else f"{before} → {after}"),
        _rules(reader, member.rules),
    ]


def _rules(reader: Reader, rules: tuple[RuleChange, ...]) -> str:
    chips = "".join(f"<span>{_rule(reader, rule)}</span>" for rule in rules[:_RULES_SHOWN])
    more = len(rules) - _RULES_SHOWN
    rest = f"<span>{reader.say(_MORE_RULES, rules=more)}</span>" if more > 0 else ""
    return f'<div class="chips">{chips}{rest}</div>'


def _rule(reader: Reader, rule: RuleChange) -> str:
    """By its code: two rules of one name may take turns."""
    points = signed(rule.draft - rule.current, reader.report, reader.speech, is_money=False)
    name = thing_name(rule.rule, reader.report, reader.speech)
    return f'<b title="{escape(name)}">{escape(rule.rule)}</b> {escape(points)}'
