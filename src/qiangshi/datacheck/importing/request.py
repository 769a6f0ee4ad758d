"""What a process of its own is asked to check, laid down in a folder for it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.ipc as ipc

from qiangshi.datacheck.coded.limits import Limits
from qiangshi.datacheck.importing.checking import Setting
from qiangshi.datacheck.importing.known import Known
from qiangshi.datacheck.profiles import Mapping, Profile
from qiangshi.datacheck.rules import Rule
from qiangshi.policy.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping as Entries

ABOUT = "request.json"
CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Request:
    """A file and what it is checked against. `memory_bytes` bounds the process."""

    path: Path
    profile: Profile
    vocabulary: Vocabulary
    setting: Setting
    limits: Limits
    memory_bytes: int

    def save(self, folder: Path) -> None:
        """Lay it down; the salt is left out, it goes from process to process."""
        setting = self.setting
        known = setting.known
        held: dict[str, pa.Table | None] = {
            f"keys-{name}": pa.table({"key": keys}) for name, keys in known.keys.items()
        }
        held |= {"people": known.people, "organisations": known.organisations}
        tables = {name: table for name, table in held.items() if table is not None}
        for name, table in tables.items():
            with (
                pa.OSFile(str(folder / f"known-{name}.arrow"), "wb") as out,
                ipc.new_file(out, table.schema) as writer,
            ):
                writer.write_table(table)
        about = {
            "path": str(self.path.absolute()),
            "profile": self.profile.model_dump(mode="json"),
            "vocabulary": self.vocabulary.model_dump(mode="json"),
            "mapping": None if setting.mapping is None else setting.mapping.as_text(),
            "at": setting.at,
            "decisions": [[*place, who] for place, who in setting.decisions.items()],
            "on": None if setting.on is None else setting.on.isoformat(),
            "rules": None
            if setting.rules is None
            else [rule.model_dump(mode="json") for rule in setting.rules],
            "root": None if setting.root is None else str(setting.root.absolute()),
            "limits": asdict(self.limits),
            "memory_bytes": self.memory_bytes,
            "known": list(tables),
        }
        (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def load(folder: Path, *, salt: bytes) -> Request:
        """What `save` laid down."""
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        mapping = about["mapping"]
        setting = Setting(
            known=_known(folder, about["known"]),
            mapping=None if mapping is None else Mapping.from_text(mapping),
            at=about["at"],
            decisions={(sheet, row): who for sheet, row, who in about["decisions"]},
            key_salt=salt,
            on=None if about["on"] is None else date.fromisoformat(about["on"]),
            rules=None
            if about["rules"] is None
            else tuple(Rule.model_validate(rule) for rule in about["rules"]),
            root=None if about["root"] is None else Path(about["root"]),
        )
        return Request(
            Path(about["path"]),
            Profile.model_validate(about["profile"]),
            Vocabulary.model_validate(about["vocabulary"]),
            setting,
            Limits(**about["limits"]),
            about["memory_bytes"],
        )


def _known(folder: Path, names: list[str]) -> Known:
    tables: dict[str, pa.Table] = {}
    for name in names:
        with pa.OSFile(str(folder / f"known-{name}.arrow"), "rb") as content:
            tables[name] = ipc.open_file(content).read_all()
    keys: Entries[str, Any] = {
        name.removeprefix("keys-"): table.column("key").combine_chunks()
        for name, table in tables.items()
        if name.startswith("keys-")
    }
    return Known(keys, tables.get("people"), tables.get("organisations"))
