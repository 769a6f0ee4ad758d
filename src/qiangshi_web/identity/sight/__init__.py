"""Somebody else's sight, borrowed for a while to help her: read-only, logged, and seen by her.

Whoever borrows stays herself. She sees what the roles of the other open, without what is kept apart
and without the other's own file, drafts and notices; she changes nothing and takes nothing away.
"""
