"""Conditions as planes of one bit a row: what the fast path and the building of measures share."""
