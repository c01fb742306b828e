"""A programme that says something in every table: an international one of two brands, with a paid membership."""

COMPLETE = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"
audience = 'member.age >= 16 && !("staff" in member.segments)'
begins = 2026-01-01
ends = 2028-12-31
announce = "every"
leap_birthday = "1 march"

[[goals]]
code = "frequency"
name = { fr = "Revenir", en = "Come back" }
kind = "more_purchases"
measured_by = "purchases per active member and year"
success = "4.2 instead of 3.6 after one year"
strategy = "the shop next door"

[brands.maison]
name = "La Maison"
[brands.atelier]

[countries.FR]
language = "fr"
[countries.CH]
timezone = "Europe/Paris"
currency = "CHF"
worth = "1.05"
language = "fr"

[attributes]
member = { shoe_size = "int", hobbies = "texts", at_home = "int" }
sale = { gift_wrapped = "bool" }
line = { organic = "bool", harvested = "date" }

[events.review]
name = { fr = "Avis", en = "Review" }
fields = { stars = "int", words = "text" }
[events.delivered]

[calendars.happy_hour]
name = "Happy hour"
rule = "FREQ=WEEKLY;BYDAY=TU,TH"
from = 2026-01-01
until = 2026-12-31
except = [2026-07-14]
hours = ["17:00-19:00", "22:30-00:30"]
[calendars.sales]
days = [2026-01-07, 2026-06-24]

[measures.wine]
name = "Wine bought"
counts = 'lines.filter(l, l.category == "wine").map(l, l.paid).sum()'
when = 'channel == "store"'
within = "6 months"
[measures.reviews]
counts = 1
on = "review"
[measures.family]
of = "household"
counts = "paid"

[wallets.points]
name = "Points"
expiry = { after = "12 months", rounded_to = "quarter", counts_from = "usable", by_tier = { gold = "24 months" } }
pending = { for = "14 days" }
negative = "clawback_only"
burn = { order = "oldest", over_asked = "cut", step = 50, least = 100 }
value = { points = 100, amount = 500 }
shown_as = "money"
accounting.value = { points = 100, amount = 480 }
accounting.breakage = 1250
accounting.estimate = { floor = 100, ceiling = 4000, constrained = true, confidence = 85 }
[wallets.status]
expiry = { on = "12-31", idle = "6 months" }
pending = { event = "delivered" }
[wallets.stars]
negative = "allowed"
owed_most = 30
expiry = "never"
pending = "none"

[earning]
price = "list"
tax = "excluded"
offers = "before"
points_payment = "before"
delivery = "counted"
order_discount = "apart"
exclude = 'line.category in ["tobacco", "gift card"]'
include = 'line.paid > 0'
both_match = "include"
rounding = { mode = "half_up", per = "sale" }
multiply = { on = "exact", fixed = "included", combine = "best" }
tier = "after"
ends = "inclusive"

[returns]
points = "in_proportion"
rounding = "half_up"
discounts = "as_shared"
give_back_spent = false
give_back_uses = false

[late]
correct = "never"
within = "45 days"

[caps.welcome]
points = 5000
per = "programme"
every = "month"

[[earn]]
code = "base"
name = { fr = "Un point par euro", en = "A point per euro" }
points = 1
per = 100
cap = [{ points = 200, per = "household", every = "day" }, { money = 100000, within = "30 days" }]
group = "best"

[[earn]]
code = "double"
multiply = 2
rules = ["base"]
during = ["happy_hour", "sales"]
begins = 2026-03-01T08:00:00
ends = 2026-09-30

[[earn]]
code = "wine"
wallet = "points"
when = 'tiers.club == "cellar" || channel == "web"'
lines = 'line.category == "wine" && line.organic'
bands = [{ upto = 5000, points = 1, per = 100 }, { points = 3, per = 200 }]
marginal = false
of = "eligible.paid"
caps = ["welcome"]
group = "best"

[[earn]]
code = "code"
coupon = "PROMO10"
wallet = "status"
points = 10
pending = { until = 2026-12-24 }
expiry = { after = "3 months", rounded_to = "month" }

[[earn]]
code = "review"
on = "review"
wallet = "stars"
when = "event.stars >= 1"
points = "size(event.words) > 100 ? 3 : 1"
rounding = { mode = "up", per = "rule" }
pending = "none"
expiry = "never"
cap = { times = 1, every = "week" }

[[earn]]
code = "birthday"
on = "birthday"
points = 50

[[achievements]]
code = "regular"
name = "Regular"
on = "purchase"
when = "paid >= 1000"
target = 4
streak = "week"
repeats = true
points = 20
wallet = "stars"
[[achievements]]
code = "critic"
on = "review"
counts = "event.stars"
target = 25

[referral]
sponsor = { points = 100 }
friend = { points = 50, wallet = "stars" }
when = "paid >= 2000"
within = "90 days"
after = "14 days"
most_per_year = 10

[plans.vip]
name = "VIP"
fee = 4900
valid_for = "12 months"
tier = "gold"
renewable_from = "2 months"
[plans.free]

[[messages]]
code = "almost"
text = { fr = "Bientôt Or !", en = "Nearly gold!" }
place = "screen"
when = 'tier == "silver" && balance > 900'

[[tiers]]
code = "silver"
reach = { visits = 5, window = "calendar_year" }
[[tiers]]
code = "gold"
name = { fr = "Or", en = "Gold" }
reach = { spend = 100000, within = "12 months" }
floor = true
[tiers.keep]
review = "anniversary"
reach = { spend = 80000, within = "12 months" }
grace = "3 months"
drop = "one_level"
[[tiers]]
code = "cellar"
family = "club"
reach = { measure = "wine", at_least = 30000, when = '"mail" in member.segments' }
[[tiers]]
code = "ambassador"
family = "club"
reach = { wallet = "stars", points = 500 }
[[tiers]]
code = "friend"
family = "circle"

[caps.family]
points = 300
within = "30 days"
[caps.sent]
points = 1000
every = "month"
[transfers]
wallets = ["points", "stars"]
least = 50
most = 500
caps = ["sent"]
dates = "anew"
[households]
pool = "spend"
wallets = ["points"]
most = 400
caps = ["family"]
members_most = 6
after = "30 days"
[partners.acme]
name = "Acme"
price = { points = 100, amount = 80 }
[[exchanges]]
code = "to-stars"
into = "stars"
give = 100
get = 3

[share_of_wallet]
peers = ["country", "at_home"]
quantile = 80
confidence = 95
within = "6 months"
least_peers = 50
declared = "at_home"

[accounting]
fiscal_year = "04-01"
entries = "daily"
portfolios = "store"
[accounting.accounts]
deferred = { number = 487200, name = { fr = "PCA fidélité", en = "Deferred loyalty" } }
revenue = { number = 707100 }

[adjustments]
answered_within = "3 days"
[[adjustments.ceilings]]
most = 50
[[adjustments.ceilings]]
role = "Manager"
wallet = "points"
most = 5000
most_per_day = 20000

[[conversions]]
code = "five-euros"
name = "5 EUR"
points = 200
voucher = { amount = 500, valid_for = "2 months" }
[[conversions]]
code = "coffee"
wallet = "stars"
points = 10
trigger = "on_request"
voucher = { amount = 250 }
"""
