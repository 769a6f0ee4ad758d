"""What every part of the application stands on: actors and areas, the clock, language, tables.

Knows no domain: no teacher, no plan and no organisation is named here.
"""
