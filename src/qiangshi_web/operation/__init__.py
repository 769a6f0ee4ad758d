"""Keeping an installation running: serving, health, examination, backup, restoring, upgrading.

Owns no records. It reads the settings and works on the database and the folder as a whole.
"""
