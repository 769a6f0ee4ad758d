"""Psychological services and surveys of wellbeing, as figures of organisations.

Never holds an answer or a result of one person: those are health data, and nobody's superior sees
them.
"""
