"""The seal of an event: a keyed digest over its canonical form, its place and the seal before it.

Canonical form: JSON of every column of the event, names in order, no blanks, text as it is, the
instant in UTC with microseconds; values before and after as the database keeps them. The digest is
HMAC with SHA-256 or SM3; each seal names its algorithm and its key, so that both may change.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from qiangshi_web.kernel.events import Event
    from qiangshi_web.kernel.keys import Key

Algorithm = Literal["sha256", "sm3"]
ERASE = "erase"
"""The verb of an event that names others whose contents were erased by law."""


def canonical(event: Event) -> bytes:
    """The event as it is sealed."""
    told = {field.attname: getattr(event, field.attname) for field in event._meta.concrete_fields}
    told["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _json({**told, "before": _kept(event.before), "after": _kept(event.after)})


def emptied(event: Event) -> str:
    """Digest of the event as it stands once its contents are taken away."""
    kept = event.before, event.after
    event.before = event.after = None
    digest = sha256(canonical(event)).hexdigest()
    event.before, event.after = kept
    return digest


def _kept(value: Any) -> Any:
    """What the database gives back."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _json(value: Any) -> bytes:
    told = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return told.encode("utf-8", "surrogatepass")


def seal_of(content: bytes, *, position: int, before: str, algorithm: Algorithm, key: Key) -> str:
    """The seal at a place of the chain, 64 hexadecimal digits."""
    return keyed(f"{position}\n{before}\n".encode() + content, algorithm=algorithm, key=key)


def keyed(content: bytes, *, algorithm: Algorithm, key: Key) -> str:
    """HMAC of the content in hexadecimal digits."""
    if algorithm == "sha256":
        return hmac.digest(key.secret, content, "sha256").hex()
    mac = HMAC(key.secret, hashes.SM3())
    mac.update(content)
    return mac.finalize().hex()
