"""A person's rights to her own data: what is kept of her and why, a copy, erasure, consent.

The clauses are those of the Personal Information Protection Law (个人信息保护法), chapter IV. Why
each relation is kept and for how long stands in `policy/privacy/`; who may read it follows from
the table of roles. Corrections are asked for where the record is read.
"""
