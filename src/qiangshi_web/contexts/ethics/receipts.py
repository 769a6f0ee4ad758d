"""Receipt codes: what a reporter holds, and what is kept of it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from qiangshi_web.kernel import keys

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


def new_code() -> str:
    """Sixteen signs that nobody mistakes for others or guesses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spaced(code: str) -> str:
    """A code in fours, as people copy it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def digests(code: str) -> list[str]:
    """What is kept of a code instead of it, under every key that is held, the newest last."""
    told = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return [_keyed(one.secret, f"receipt:{told}") for one in keys.held("index")]


def fingerprint(of: str) -> str:
    """Tells one sender from another for a while; nobody without the key finds out who."""
    return _keyed(keys.newest("index").secret, f"sender:{of}")[:LENGTH]


def _keyed(secret: bytes, told: str) -> str:
    return hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()
