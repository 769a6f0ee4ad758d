"""School places: capacity and demand, building projects, land, approvals.

Carries places and green lanes (广东市 14.a, 16.a to 16.d). Never forecasts: forecast does, from
these figures.
"""
