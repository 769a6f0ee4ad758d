"""One text sealed: AES-256-GCM under a named key, bound to the column that it stands in.

A sealed text is `q1:<field key>:<index key>:<base64 of nonce, ciphertext and tag>`. The nonce is
the blind index: an HMAC of column and text under the index key, cut to the 96 bits that GCM takes.
So one text in one column under one pair of keys has one sealed form, which is what exact search
compares; who has no keys learns that two rows say the same and nothing else. Two texts share a
nonce by chance only once among 2⁴⁸.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qiangshi_web.kernel.keys import held, named, newest

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi_web.kernel.keys import Key

MARK = "q1"
_NONCE = 12


class SealBroken(Exception):  # noqa: N818 - it says what is the matter
    """A sealed text that was altered, stands in another column, or has lost its key."""


@lru_cache(maxsize=64)
def _aead(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def is_sealed(text: str) -> bool:
    """Whether a text looks sealed."""
    return text.startswith(f"{MARK}:")


def begins_with(field_key: Key, index_key: Key) -> str:
    """How everything begins that is sealed with these keys."""
    return f"{MARK}:{field_key.id}:{index_key.id}:"


class Cipher:
    """Seals and opens the texts of one column, named `table.column`."""

    def __init__(self, column: str) -> None:
        self.column = column
        self._bound = column.encode()

    def sealer(self) -> Callable[[str], str]:
        """What seals texts with the newest keys, for many of them."""
        return self._with(newest("field"), newest("index"))

    def _with(self, field_key: Key, index_key: Key) -> Callable[[str], str]:
        begins, bound = begins_with(field_key, index_key), self._bound
        encrypt, secret = _aead(field_key.secret).encrypt, index_key.secret
        prefix = bound + b"\0"

        def seal(text: str) -> str:
            plain = text.encode("utf-8", "surrogatepass")
            nonce = hmac.digest(secret, prefix + plain, "sha256")[:_NONCE]
            return begins + urlsafe_b64encode(nonce + encrypt(nonce, plain, bound)).decode()

        return seal

    def seal(self, text: str) -> str:
        """A text sealed with the newest keys."""
        return self.sealer()(text)

    def forms(self, text: str) -> list[str]:
        """Every form in which the text may stand in the column: one for each pair of keys held."""
        return [
            self._with(field_key, index_key)(text)
            for field_key in held("field")
            for index_key in held("index")
        ]

    def open(self, sealed: str) -> str:
        """The text. Raises SealBroken."""
        try:
            _, key_id, _, payload = sealed.split(":")
            held_bytes = urlsafe_b64decode(payload)
            opened = _aead(named("field", key_id).secret).decrypt(
                held_bytes[:_NONCE], held_bytes[_NONCE:], self._bound
            )
        except (ValueError, LookupError, InvalidTag) as error:
            shown = sealed[:20] if is_sealed(sealed) else "plain text"
            raise SealBroken(
                f"{self.column}: expected a text sealed here with a key held, got {shown}"
            ) from error
        return opened.decode("utf-8", "surrogatepass")
