"""Organisations: the tree of bureau, counties, central schools and schools, through time.

Owns what an organisation is called, its kind, its tier and what stands above it, day by day; what
became of it in a merger or a split; groups of schools, bases, committees, documents, mechanisms,
the figures of a school year and which ledgers are complete. Carries groups and governance (广东市
A1.3.2.a). Never says who works there (people) or how it stands (analytics).
"""
