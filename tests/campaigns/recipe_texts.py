"""Recipes for tests."""

SMALL = """
[campaign]
slug = "share"
name = "Share"
headline = "Bring a friend"
equipment = "camera"
time_zone = "Europe/Berlin"
starts_at = 2026-04-01
ends_at = 2026-05-01T18:00:00
budget = 100

[goals]
total_referrals = 30
conversion_rate = 0.25

[[rules]]
side = "referrer"
field = "membership_days"
operator = "at_least"
value = 90
sentence = "A member for at least 90 days."

[[rules]]
side = "referrer"
field = "country"
operator = "one_of"
value = ["DE", "FR"]
sentence = "Living in Germany or France."

[[variants]]
key = "plain"

[[variants]]
key = "loud"
weight = 2
headline = "Borrow a camera!"

[[tiers]]
key = "camera-friend"
side = "referee"
title = "A camera"
kind = "equipment"
equipment = "camera"

[[tiers]]
key = "camera-member"
side = "referrer"
title = "A camera"
kind = "equipment"
equipment = "camera"
cost = 10.5

[[tiers]]
key = "points-loud"
side = "referrer"
title = "Points"
kind = "points"
amount = 10
nth = 3
rhythm = "every"
variant = "loud"

[[quotas]]
sku = "camera"
place = "Berlin"
units = 2

[[promotions]]
key = "easter"
name = "Easter"
starts_at = 2026-04-03
ends_at = 2026-04-07
effect = "multiply"
amount = 2

[terms]
slug = "share-terms"
title = "Terms"
body = "Be fair.\\nBring it back."

[loan_terms]
slug = "share-loan-terms"
title = "Loan terms"
body = '''
Take care of it: "really".
'''
"""
