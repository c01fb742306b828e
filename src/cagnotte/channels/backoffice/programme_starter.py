"""The text that a first draft begins with."""

STARTER = """\
# Your programme. Every table is explained in docs/reference/programme.md.

[programme]
code = "my-programme"
name = { fr = "Mon programme", en = "My programme" }
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
name = { fr = "Points", en = "Points" }
expiry = { after = "12 months" }

# One point per whole unit of the currency.
[[earn]]
code = "base"
name = { fr = "Un point par euro", en = "One point per euro" }
points = "eligible.paid / 100"
"""
