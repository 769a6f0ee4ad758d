"""Sensitive texts, sealed in the database and readable only with the keys of the installation.

fields.SealedText       a column whose values are sealed, and found by exact value all the same
sealing.Cipher          how one value is sealed and opened again
rotating.rotate         everything sealed anew with the newest keys
columns.sealed_in        which columns are sealed
"""
