"""Papers: decisions with number and verification code, and documents that are handed in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from qiangshi.casework import jsonform
from qiangshi.casework.grounds import refuse
from qiangshi.casework.kinds import WITHDRAWN
from qiangshi_web.casework.models import Case, Decision, Document
from qiangshi_web.casework.norms import cited
from qiangshi_web.kernel.chain.actions import add_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qiangshi.casework.standing import Event
    from qiangshi_web.casework.registry import File
    from qiangshi_web.kernel.actors import Actor

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE = 16


def issue(case: Case, file: File, event: Event, *, actor: Actor, at: datetime) -> Decision | None:
    """The paper of an outcome; a withdrawal leaves none."""
    if event.target == WITHDRAWN:
        return None
    outcome = file.kind.places[event.target]
    issued = Decision.objects.filter(case=case).count()
    number = f"{event.on.year}-{case.pk:06d}" + (f"-{issued + 1}" if issued else "")
    body = {
        "case": file.title,
        "kind": file.kind.label,
        "outcome": outcome.label,
        "reason": event.reason,
        "on": event.on.isoformat(),
        "basis": [f"{title.zh} {clause}" for title, clause in cited(file.kind)],
        "findings": jsonform.told(event.findings),
    }
    text = json.dumps([number, body], ensure_ascii=False, sort_keys=True)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    made = Decision(
        case=case,
        number=number,
        code=_code(sha256),
        issued_on=event.on,
        outcome=outcome.label,
        body=body,
        sha256=sha256,
    )
    add_rows(Decision, [made], "issue", key=str(case.pk), actor=actor, at=at)
    return made


def _code(sha256: str) -> str:
    """Sixteen signs that nobody mistakes for others, keyed so that nobody can make one up."""
    keyed = hashlib.sha256(f"{settings.SECRET_KEY}\0{sha256}".encode()).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in keyed[:_CODE])


@transaction.atomic
def hand_in(
    case: Case, *, name: str, content: bytes, kind: str, actor: Actor, at: datetime
) -> Document:
    """Keep a document with a case. Raises Refused for one that is too large, empty or infected."""
    if actor.user_id is None:
        raise refuse("上传材料须先登录")
    most = settings.QIANGSHI_DOCUMENT_BYTES
    if not content or len(content) > most:
        raise refuse(f"“{name}”为空或超过{most // 1024 // 1024}MB", field="document")
    verdict = scanned(content)
    if verdict == "infected":
        raise refuse(f"“{name}”未通过病毒查杀", cure="清除病毒后重新上传", field="document")
    sha256 = hashlib.sha256(content).hexdigest()
    file = document_file(sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    made = Document(
        case=case,
        name=name[:200],
        kind=kind[:80],
        size=len(content),
        sha256=sha256,
        verdict=verdict,
        at=at,
        by_id=actor.user_id,
    )
    add_rows(Document, [made], "hand_in", key=str(case.pk), actor=actor, at=at)
    return made


def scanned(content: bytes) -> str:
    """`clean`, `infected`, or `unscanned` where the installation names no scanner."""
    if not settings.QIANGSHI_VIRUS_SCAN:
        return "unscanned"
    scan: Callable[[bytes], str] = import_string(settings.QIANGSHI_VIRUS_SCAN)
    return scan(content)


def document_file(sha256: str) -> Path:
    """Where the content of a document lies."""
    return Path(settings.QIANGSHI_FOLDER) / "documents" / sha256[:2] / sha256
