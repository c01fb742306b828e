"""Rules over tables with what they give on three sales, for every database that holds the tables."""

from domain.rules.sample_scope import Eligible, Facts, Line, Member, Sale

BASKETS = (
    Facts(
        eligible=Eligible(paid=-199, quantity=3),
        lines=(
            Line(
                category="wine",
                paid=1200,
                tags=("organic", "local"),
                attributes={"colour": "red", "sizes": (3, 8)},
            ),
            Line(category="été", paid=-50, quantity=-1, attributes={"labels": ("new",), "class": "A"}),
            Line(category="e\u0301te\u0301", paid=300, quantity=2, is_discounted=True, brand="\U0001f600"),
        ),
        member=Member(refused=("sms",), visits=(3, 1, 4), attributes={"children": 2}),
        sale=Sale({"weather": "rain"}),
    ),
    Facts(eligible=Eligible(paid=2**40 - 1), tier="", lines=()),
    Facts(lines=(Line(paid=0), Line(paid=0)), weekday=7, member=Member(attributes={"birthday": -719_162})),
)

# rule -> its value on each of the BASKETS
GIVES: list[tuple[str, list[int]]] = [
    ("eligible.paid / 100", [-1, 10_995_116_277, 0]),
    ("eligible.paid % 100", [-99, 75, 0]),
    ("eligible.paid * 8388607 / -8388607", [199, -(2**40) + 1, 0]),
    ("(weekday == 2 ? 2147483647 : 5) * (hour == 18 ? 2 : 3)", [4_294_967_294, 4_294_967_294, 10]),
    ("lines.map(l, l.paid).sum()", [1450, 0, 0]),
    ("lines.filter(l, l.paid > 0).map(l, l.paid * 2).filter(p, p > 700).sum()", [2400, 0, 0]),
    ("lines.map(l, l.paid).min() * 10 + lines.map(l, l.quantity).max()", [-498, 0, 1]),
    ("lines.map(l, 3).sum() + lines.size() + size(lines.filter(l, weekday == 7))", [12, 0, 10]),
    ("lines.exists(l, l.paid == 0) ? 1 : lines.all(l, l.paid > 5) ? 2 : 3", [3, 2, 1]),
    ("lines.exists_one(l, l.category == 'été') ? 1 : 0", [1, 0, 0]),
    ("lines.filter(l, l.paid > lines.map(m, m.paid).sum() / 3).size()", [1, 0, 0]),
    ("lines.filter(l, 'local' in l.tags || l.colour == 'red').map(l, l.sizes.max()).sum()", [8, 0, 0]),
    ("lines.filter(l, l.class == '' && !l.is_local && l.labels.size() == 0).size()", [2, 0, 2]),
    ("member.visits.filter(v, v > 1).map(v, v + weekday).max()", [6, 0, 0]),
    ("member.children * 100 + year_of(member.birthday) % 100", [270, 70, 1]),
    ("sale.weather == 'rain' && 'sms' in member.refused ? tier.size() : -1", [4, -1, -1]),
    ("lines.filter(l, l.brand > '\ue000').size()", [1, 0, 0]),
    ("weekday_of(day - weekday) * 100 + month_of(day) * 10 + day_of_month_of(day)", [733, 733, 233]),
    ("[weekday, hour, -5].filter(x, x > 5).sum()", [18, 18, 25]),
    ("weekday == 7 ? -9223372036854775808 : 9223372036854775807", [2**63 - 1, 2**63 - 1, -(2**63)]),
]
