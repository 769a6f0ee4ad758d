"""An installation through backup, loss, restoring, upgrade and the way back, told as JSON.

`python -m tests.web.operation.cycle FOLDER` works on the database that the environment names.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi_web.operation.archive import Manifest

DOCUMENT = "documents/ab/abcd"


def main() -> None:
    """Everything, in order."""
    django.setup()
    from django.conf import settings

    folder = Path(sys.argv[1])
    settings.QIANGSHI_FOLDER = folder / "installation"
    settings.STATIC_ROOT = folder / "static"
    told: dict[str, Any] = {}
    _filled(settings.QIANGSHI_FOLDER)
    out = folder / "backup.tar.gz"
    manifest = _backed_up(out)
    told["names"] = [member.name for member in manifest.members]
    told["secrets_inside"] = _secrets_in(out)
    told["before"] = _standing()
    _lost(settings.QIANGSHI_FOLDER)
    told["lost"] = _standing()
    told["refused"] = _refusals(out, folder)
    told["after_refusals"] = _standing()
    told["restored"] = _restored(out, keep=folder / "kept.tar.gz")
    told["after"] = _standing()
    told["undone"] = _restored(folder / "kept.tar.gz", keep=None)
    told["after_undone"] = _standing()
    told |= _upgraded_and_back(folder)
    print(json.dumps(told, ensure_ascii=False))


def _filled(installation: Path) -> None:
    from django.conf import settings

    from qiangshi_web.signon.signing import known_keys
    from tests.web.records.factories import school, teacher

    teacher("T1", school("S1"))
    known_keys()
    for name, text in {
        DOCUMENT: "材料",
        "charts/1.svg": "<svg/>",
        "notes.txt": settings.QIANGSHI_KEYS["field"][0]["key"],
        "accounts.txt": "口令",
    }.items():
        file = installation / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _backed_up(out: Path) -> Manifest:
    from qiangshi_web.operation.actions import backup
    from tests.web.records.factories import AT

    return backup(out, at=AT)


def _secrets_in(out: Path) -> list[str]:
    from django.conf import settings

    keys = [one["key"] for held in settings.QIANGSHI_KEYS.values() for one in held]
    secrets = [text.encode() for text in (*keys, settings.SECRET_KEY, "PRIVATE KEY", "口令")]
    with tarfile.open(out) as tar:
        found = [(entry.name, opened.read()) for entry in tar if (opened := tar.extractfile(entry))]
    return [name for name, content in found if any(secret in content for secret in secrets)]


def _standing() -> dict[str, Any]:
    """Who and what there is, and whether the log is whole against the anchor outside."""
    from django.contrib.sessions.models import Session
    from django.db import connection

    from qiangshi_web.contexts.people.models import Person
    from qiangshi_web.kernel.chain.anchors import anchor_file, read_anchor
    from qiangshi_web.kernel.chain.verifying import verify

    connection.close()
    return {
        "people": sorted(Person.objects.values_list("pk", flat=True)),
        "sessions": Session.objects.count(),
        "document": (anchor_file().parent / DOCUMENT).exists(),
        "faults": [fault.text_zh for fault in verify(read_anchor(anchor_file())).faults],
    }


def _lost(installation: Path) -> None:
    """Somebody is hired and signs in, and a document goes."""
    from django.contrib.sessions.backends.db import SessionStore

    from tests.web.records.factories import teacher

    teacher("T2", "S1")
    SessionStore().save()
    (installation / DOCUMENT).unlink()


def _restored(file: Path, *, keep: Path | None) -> dict[str, Any]:
    from qiangshi_web.operation.actions import restore
    from tests.web.records.factories import LATER

    found = restore(file, at=LATER, keep=keep)
    return {"faults": len(found.verification.faults), "kept": found.kept is not None}


def _refusals(out: Path, folder: Path) -> dict[str, str]:
    from qiangshi_web.kernel.presence import here

    half = folder / "half.tar.gz"
    half.write_bytes(out.read_bytes()[: out.stat().st_size // 2])
    with here():
        running = _refusal(out)
    return {
        "running": running,
        "half": _refusal(half),
        "document": _refusal(_rewritten(out, lambda name, _: name.endswith("abcd") and b"other")),
        "manifest": _refusal(_rewritten(out, _older)),
        "exists": _refused(lambda: _backed_up(out)),
    }


def _older(name: str, content: bytes) -> bytes | bool:
    return name == "manifest.json" and content.replace(b"0.1.0", b"0.0.9")


def _rewritten(out: Path, change: Callable[[str, bytes], bytes | bool]) -> Path:
    """The archive with one member changed."""
    other = out.with_name("rewritten.tar.gz")
    with tarfile.open(out) as tar, tarfile.open(other, "w:gz", compresslevel=1) as changed:
        for entry in tar:
            opened = tar.extractfile(entry)
            content = opened.read() if opened else b""
            content = change(entry.name, content) or content  # type: ignore[assignment] # bytes
            entry.size = len(content)
            changed.addfile(entry, io.BytesIO(content))
    return other


def _refusal(file: Path) -> str:
    return _refused(lambda: _restored(file, keep=None))


def _refused(act: Callable[[], object]) -> str:
    from qiangshi.errors import QiangshiError

    try:
        act()
    except QiangshiError as error:
        return str(error)
    return "not refused"


def _upgraded_and_back(folder: Path) -> dict[str, Any]:
    """From the tables of an older version to ours, and back by the backup that was made."""
    from django.core.management import call_command
    from django.db import connection

    from qiangshi_web.operation.health import pending
    from qiangshi_web.operation.upgrading import upgrade
    from tests.web.records.factories import LATER

    call_command("migrate", "jobs", "0001", verbosity=0)
    keep = folder / "before-upgrade.tar.gz"
    done = upgrade(keep=keep, at=LATER)
    tables = set(connection.introspection.table_names())
    left = pending()
    back = _restored(keep, keep=None)
    return {
        "upgraded": list(done.migrations),
        "left": left,
        "table_is_new": "jobs_workersign" in tables,
        "back": back,
        "pending_again": pending(),
        "table_is_gone": "jobs_workersign" not in connection.introspection.table_names(),
        "after_back": _standing(),
        "again": list(upgrade(keep=folder / "again.tar.gz", at=LATER).migrations),
    }


if __name__ == "__main__":
    main()
