"""Worklist, case page, guides, rounds, notices, and the public check of a decision."""
