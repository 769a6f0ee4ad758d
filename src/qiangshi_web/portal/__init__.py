"""The pages people open every morning: home, plans, the gap board, organisations, persons.

Owns nothing: everything shown comes from the queries of contexts and analytics.
"""
