"""A programme that has everything which a member's facts can hold."""

from domain.programmes import HEAD

RICH = f"""{HEAD}
[attributes.member]
colour = "text"

[events.review]
name = "Review"
fields = {{ stars = "int" }}
[events.delivered]
name = "Delivered"

[measures.wine_spend]
counts = 'lines.filter(l, l.category == "wine").map(l, l.paid).sum()'
within = "40 days"
[measures.reviews]
counts = "1"
on = "review"
[measures.family_spend]
counts = "paid"
within = "60 days"
of = "household"

[wallets.points]
expiry = {{ after = "3 months", rounded_to = "month", by_tier = {{ gold = "4 months" }} }}
pending = {{ for = "10 days" }}
negative = "clawback_only"
value = {{ points = 10, amount = 50 }}
price = {{ points = 5, amount = 20 }}
hold_minutes = 600
[wallets.stars]
expiry = {{ idle = "25 days" }}
negative = "allowed"
[wallets.coins]
pending = {{ event = "delivered" }}
expiry = {{ after = "20 days", counts_from = "usable" }}

[transfers]
wallets = ["points", "stars"]
caps = ["sent"]
[households]
pool = "spend"
wallets = ["points"]
caps = ["sent"]
[[exchanges]]
code = "to-stars"
wallet = "points"
into = "stars"
give = 7
get = 3

[caps.sent]
points = 60
every = "month"
[caps.shared]
points = 400
per = "store"
every = "week"
[caps.house]
times = 6
per = "household"
within = "20 days"
[caps.all]
points = 2000
per = "programme"
every = "month"

[[earn]]
code = "base"
points = 1
per = 100
cap = {{ points = 120, per = "member", every = "day" }}
caps = ["shared", "all"]
[[earn]]
code = "coins"
wallet = "coins"
points = 3
caps = ["house"]
[[earn]]
code = "wine"
wallet = "stars"
when = "measures.wine_spend > 2000"
points = 5
[[earn]]
code = "family"
when = "measures.family_spend > 4000"
points = 2
[[earn]]
code = "review"
on = "review"
wallet = "stars"
points = "event.stars"
[[earn]]
code = "birthday"
on = "birthday"
points = 20

[[achievements]]
code = "ten"
on = "purchase"
target = 3
repeats = true
points = 4
wallet = "stars"
[[achievements]]
code = "weeks"
on = "purchase"
streak = "week"
target = 3

[[tiers]]
code = "silver"
reach = {{ spend = 8000, within = "45 days" }}
[[tiers]]
code = "gold"
reach = {{ points = 150, wallet = "points", window = "calendar_year" }}
keep = {{ review = "anniversary", grace = "1 month", drop = "one_level" }}
[[tiers]]
code = "connoisseur"
family = "wine"
reach = {{ measure = "wine_spend", at_least = 6000 }}
[[tiers]]
code = "critic"
family = "wine"
reach = {{ measure = "reviews", at_least = 2, window = "ever" }}
floor = true

[[tiers]]
code = "family-gold"
family = "together"
reach = {{ measure = "family_spend", at_least = 9000 }}

[plans.club]
fee = 1000
valid_for = "2 months"
tier = "silver"

[referral]
sponsor = {{ points = 30, wallet = "stars" }}
friend = {{ points = 10, wallet = "stars" }}
most_per_year = 2

[[conversions]]
code = "voucher"
wallet = "points"
points = 60
voucher = {{ amount = 500 }}
"""
