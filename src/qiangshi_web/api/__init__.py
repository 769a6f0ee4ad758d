"""What other programs read, and hand in: `/api/v1/`, described by `/api/v1/openapi.json`.

An operation declares its right at its head as a page does, and reads through the same queries, so
that scope is the same: no right is 403, out of scope is 404. Who asks is known by a session, by a
personal token, or by an access token that our own provider gave a platform.
"""
