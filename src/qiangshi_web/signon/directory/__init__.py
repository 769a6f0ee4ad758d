"""The directory of accounts as platforms follow it: SCIM 2.0 (RFC 7643, 7644).

Platforms with a reading token see who joined, moved or left; a keeping token also lets a personnel
system open and close accounts. Nobody gets a role this way: roles are granted here.
"""
