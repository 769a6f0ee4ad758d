"""Organisations: the tree of bureau, counties, central schools and schools.

Owns what an organisation is called, its kind, its tier and what stands above it. Never says who
works there (people) or how it stands (analytics).
"""
