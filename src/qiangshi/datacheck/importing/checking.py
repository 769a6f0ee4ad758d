"""Checking a file against a profile: every row gets its verdict, nothing is written anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from qiangshi.datacheck.arrays import is_null
from qiangshi.datacheck.cells import shown
from qiangshi.datacheck.coded import open_coded
from qiangshi.datacheck.coded.limits import no_progress
from qiangshi.datacheck.faults import Notice
from qiangshi.datacheck.headers import SEARCHED_ROWS
from qiangshi.datacheck.importing.body import body_of
from qiangshi.datacheck.importing.checked import CheckedFile, CheckedSheet
from qiangshi.datacheck.importing.faulting import Faults
from qiangshi.datacheck.importing.headings import Recogniser
from qiangshi.datacheck.importing.joining import Joins
from qiangshi.datacheck.importing.keys import make_keys
from qiangshi.datacheck.importing.known import Known
from qiangshi.datacheck.importing.newcomers import Newcomers
from qiangshi.datacheck.importing.outcome import Outcome
from qiangshi.datacheck.importing.people import Register, find_people
from qiangshi.datacheck.importing.records import MISSING, SheetReader
from qiangshi.datacheck.importing.schools import Schools, locate, place_records
from qiangshi.datacheck.naming import is_ours
from qiangshi.datacheck.rules import fitting_rules, judge
from qiangshi.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Mapping as Entries
    from pathlib import Path

    from numpy.typing import NDArray

    from qiangshi.datacheck.coded import CodedFile, CodedSheet, Limits
    from qiangshi.datacheck.coded.limits import Progress
    from qiangshi.datacheck.importing.headings import Headings
    from qiangshi.datacheck.importing.records import Records, SheetRecords
    from qiangshi.datacheck.importing.schools import Located
    from qiangshi.datacheck.profiles import Mapping, Profile, ProfileTable
    from qiangshi.datacheck.rules import Rule
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Setting:
    """What a file is checked against, beside the profile and the vocabulary.

    `mapping` is what people said of its headings; `at` is the organisation whose file it is, for
    rows that name none; `decisions` say by sheet and row who is whom (a person's number, or
    `newcomers.NEW`); `key_salt` keeps made numbers from telling what they were made from; `on` is
    the day, for rules that need one; `rules` are those of the policy folder unless given; `root`
    is another policy folder.
    """

    known: Known = field(default_factory=Known)
    mapping: Mapping | None = None
    at: str | None = None
    decisions: Entries[tuple[int, int], str] = field(default_factory=dict)
    key_salt: bytes = b""
    on: date | None = None
    rules: tuple[Rule, ...] | None = None
    root: Path | None = None


def check_file(
    path: Path,
    *,
    profile: Profile,
    vocabulary: Vocabulary,
    setting: Setting | None = None,
    limits: Limits | None = None,
    progress: Progress = no_progress,
) -> CheckedFile:
    """Read and check a file; no cell is an error, and a bad row costs no other.

    Raises WorkbookError, one line, when there is no table in it that the profile knows, or it is
    dangerous or too large (see `coded.open_coded`).
    """
    opened = open_coded(path, limits=limits, progress=progress)
    checking = _Checking(path.name, profile, vocabulary, setting or Setting(), progress)
    checking.read(opened)
    checking.settle()
    return checking.result(opened.kind)


def _understood(sheet: CodedSheet, headings: Headings | None) -> CheckedSheet:
    if headings is None:
        return CheckedSheet(sheet.name, None, 0, (sheet.width, sheet.width + 1))
    answers, replaced = headings.answers(sheet)
    return CheckedSheet(sheet.name, headings.table.id, headings.last_row, answers, replaced)


class _Checking:
    """One file being checked."""

    def __init__(
        self,
        name: str,
        profile: Profile,
        vocabulary: Vocabulary,
        setting: Setting,
        progress: Progress,
    ) -> None:
        self.name, self.profile, self.vocabulary = name, profile, vocabulary
        self.setting, self.progress = setting, progress
        self.faults = Faults()
        self.notices: list[Notice] = []
        self.sheets: list[CheckedSheet] = []
        self.found: list[SheetRecords] = []
        stated = setting.rules
        self.rules = (
            fitting_rules(vocabulary=vocabulary, root=setting.root) if stated is None else stated
        )
        self.questions = Newcomers(
            setting.known, self.faults, setting.decisions, setting.root, setting.key_salt
        )

    # --- sheet by sheet ---------------------------------------------------------------------------

    def read(self, opened: CodedFile) -> None:
        """Recognise and read every sheet."""
        self.notices += [Notice("", text) for text in opened.notices]
        tables = self.profile.tables
        if self.setting.mapping is not None:
            tables = (self.setting.mapping.apply(self.profile),)
        recogniser = Recogniser(self.profile, self.vocabulary, tables=tables)
        reader = SheetReader(
            self.profile, self.vocabulary, self.faults, self.notices, self.setting.root
        )
        for number, sheet in enumerate(opened.sheets):
            self.progress(f"检查“{sheet.name}”", number, len(opened.sheets))
            headings = (
                None if is_ours(sheet.as_sheet()) else self._headings(number, sheet, recogniser)
            )
            self.sheets.append(_understood(sheet, headings))
            for fault in sheet.faults:
                self.faults.add(
                    number,
                    np.array([fault.row], np.int32),
                    column=fault.column,
                    reasons=fault.reason_zh,
                    values=fault.value,
                )
            if headings is not None and self._is_whole(number, sheet, headings, recogniser):
                self.found.append(self._read(reader, number, sheet, headings))
        self._require_something(opened)

    def _headings(self, number: int, sheet: CodedSheet, recogniser: Recogniser) -> Headings | None:
        rows = sheet.as_sheet()
        if sheet.hidden and recogniser.named(rows) is None:
            return None
        headings = recogniser.find(rows)
        if headings is None:
            self._without_header(number, sheet, recogniser.named(rows))
            return None
        self._tell_of(sheet, headings)
        return headings

    def _without_header(self, number: int, sheet: CodedSheet, table: ProfileTable | None) -> None:
        """A sheet that should hold a table is a fault, any other only told of."""
        if not any(column.stated().any() for column in sheet.columns.values()):
            return
        if table is None:
            if not sheet.hidden:
                self.notices.append(Notice(sheet.name, "表名和表头都不认识，未读取"))
            return
        wanted = "、".join(column.header for column in table.columns[:4])
        reason = f"前 {SEARCHED_ROWS} 行里没有找到表头（应有{wanted}等列），整张表未读入"
        self.faults.add(number, np.array([1], np.int32), column="", reasons=reason)

    def _tell_of(self, sheet: CodedSheet, headings: Headings) -> None:
        label = headings.table.label.zh
        if label not in sheet.name:
            self.notices.append(Notice(sheet.name, f"认作“{label}”"))
        for names, text in (
            (headings.unknown, "有不认识的列，未读取"),
            (headings.repeated, "有重复的列，以最左边的为准"),
            (
                [column.header for column in headings.columns.values() if not column.to],
                "有不保存的列，未读取",
            ),
        ):
            if names:
                listed = "、".join(f"“{name}”" for name in names)
                self.notices.append(Notice(sheet.name, f"{text}：{listed}"))
        for place, multiple in headings.multiples.items():
            header = headings.columns[place].header
            text = f"“{header}”表上注明的单位较大，填写的数字已乘以 {multiple}"
            self.notices.append(Notice(sheet.name, text))

    def _is_whole(
        self, number: int, sheet: CodedSheet, headings: Headings, recogniser: Recogniser
    ) -> bool:
        """Whether the sheet has the headings that its records need; what lacks some is told."""
        groups = headings.table.groups
        lacking = {group: recogniser.missing(headings, group) for group in groups}
        if not groups or not all(lacking.values()):
            for group, missing in lacking.items():
                if missing and any(t.startswith(f"{group}.") for t in headings.targets):
                    listed = "、".join(column.label.zh for column in missing)
                    label = self.vocabulary.relations[groups[group].relation].label.zh
                    text = f"缺少“{listed}”，“{label}”未读入"
                    self.notices.append(Notice(sheet.name, text))
            return True
        count = int(np.count_nonzero(sheet.numbers > headings.last_row))
        for column in min(lacking.values(), key=len):
            self.faults.add(
                number,
                np.array([headings.last_row], np.int32),
                column=column.label.zh,
                reasons=f"缺少这一必填列，整张表 {count} 行未读入",
            )
        return False

    def _read(
        self, reader: SheetReader, number: int, sheet: CodedSheet, headings: Headings
    ) -> SheetRecords:
        body = body_of(sheet, headings)
        self.notices += [
            Notice(sheet.name, f"第 {row} 行（{text}）是合计或表尾，未作记录读取")
            for row, text in body.passed_over
        ]
        records = reader.read(number, sheet.name, headings, body)
        for group in records.groups.values():
            self._hold_to_rules(group)
        self._tell_of_idle(records)
        return records

    def _tell_of_idle(self, records: SheetRecords) -> None:
        """Rows that say nothing which is kept, lest they look as if they had gone in."""
        if not records.groups:
            return
        kept = [group.numbers[group.exists] for group in records.groups.values()]
        idle = np.setdiff1d(records.body.numbers, np.concatenate(kept))
        if len(idle):
            text = (
                f"第 {idle[0]} 行{'等' if len(idle) > 1 else ''}共 {len(idle)} 行没有可以保存的内容"
            )
            self.notices.append(Notice(records.name, text))

    def _hold_to_rules(self, records: Records) -> None:
        """Blame rows that break a rule which keeps rows out."""
        for rule in self.rules:
            if rule.relation != records.relation.id or not rule.refuses:
                continue
            if self.setting.on is None and rule.needs_day:
                continue
            rows = len(records.parents)
            day = self.setting.on or date.min
            failed = records.exists & judge(rule, records.value, rows, on=day).failed
            places = np.flatnonzero(failed)
            stated = records.value(rule.blamed).take(places).to_pylist()
            self.faults.add(
                records.sheet,
                records.numbers[places],
                column=records.label(rule.blamed),
                reasons=rule.label.zh,
                values=[shown(value) for value in stated],
            )

    def _require_something(self, opened: CodedFile) -> None:
        if any(sheet.table is not None for sheet in self.sheets):
            return
        if not any(len(sheet.numbers) for sheet in opened.sheets):
            raise WorkbookError(f"{self.name} 是空的，没有任何内容")
        names = "、".join(sheet.name for sheet in self.sheets) or "无"
        label = self.profile.label.zh
        raise WorkbookError(
            f"{self.name} 里没有“{label}”的表（现有：{names}）；请另选格式或指定各列"
        )

    # --- all sheets together ----------------------------------------------------------------------

    def settle(self) -> None:
        """Find out who and where rows are about, number them, and hold them to each other."""
        self.progress("核对人员与单位", 0, 1)
        setting = self.setting
        groups = [group for sheet in self.found for group in sheet.groups.values()]
        schools = Schools.of(setting.known, groups)
        located: list[Located] = []
        for sheet in self.found:
            place = locate(sheet, schools, at=setting.at)
            located.append(place)
            for group, count in place_records(sheet, place, self.faults).items():
                label = sheet.groups[group].relation.label.zh
                text = f"有 {count} 条“{label}”的单位不在名册里，未作记录读取"
                self.notices.append(Notice(sheet.name, text))
        people = [group for group in groups if group.relation.id == "person"]
        self.questions.against_record(people)
        for sheet, place in zip(self.found, located, strict=True):
            for records in sheet.groups.values():
                if records.relation.id == "person":
                    make_keys(records, salt=setting.key_salt)
                    self._require_found(sheet, records, place)
        self._find_people(located, people)
        for records in groups:
            if records.relation.id != "person":
                make_keys(records, salt=setting.key_salt)
        names = [sheet.name for sheet in self.sheets]
        Joins(groups, setting.known, self.faults, {}, names).blame_repeated(self.vocabulary)
        self.questions.against_each_other(people)
        joins = Joins(groups, setting.known, self.faults, self._held(), names)
        joins.settle(self.vocabulary)
        self.notices += joins.notices
        self.progress("核对人员与单位", 1, 1)

    def _require_found(self, sheet: SheetRecords, records: Records, located: Located) -> None:
        """A person needs a number and a school, from the file or from the register."""
        for column_id in ("person_id", "organisation_id"):
            missing = records.exists & is_null(records.value(column_id))
            missing &= ~np.isin(records.numbers, self.faults.bad_rows(records.sheet))
            rows = np.flatnonzero(missing)
            column, reasons = records.label(column_id), [MISSING] * len(rows)
            if column_id == "organisation_id" and column_id not in records.labels:
                column = sheet.labels.get("where.name") or sheet.labels.get("where.code") or column
                reasons = located.reasons[records.parents[rows]].tolist()
            self.faults.add(records.sheet, records.numbers[rows], column=column, reasons=reasons)

    def _find_people(self, located: list[Located], people: list[Records]) -> None:
        register: Register | None = None
        for sheet, place in zip(self.found, located, strict=True):
            own = sheet.groups.get("person")
            for records in sheet.groups.values():
                column = records.relation.by_id.get("person_id")
                if column is None or records is own or "person_id" in records.values:
                    continue
                if own is not None:
                    records.values["person_id"] = own.value("person_id").take(records.parents)
                    continue
                if register is None:
                    register = Register(self.setting.root)
                    if self.setting.known.people is not None:
                        register.add(self.setting.known.people)
                    register.add_records(people)
                found, reasons = find_people(sheet, place.ids, register)
                records.values["person_id"] = found.take(records.parents)
                missing = np.flatnonzero(records.exists & is_null(records.values["person_id"]))
                self.faults.add(
                    records.sheet,
                    records.numbers[missing],
                    column=sheet.labels.get("who.id_number") or sheet.labels.get("who.name", ""),
                    reasons=reasons[records.parents[missing]].tolist(),
                )

    def _held(self) -> dict[int, NDArray[np.int32]]:
        found: dict[int, list[int]] = {}
        for question in self.questions.questions:
            if question["holds"]:
                found.setdefault(question["sheet"], []).append(question["row"])
        return {sheet: np.unique(np.array(rows, np.int32)) for sheet, rows in found.items()}

    # --- what comes of it -------------------------------------------------------------------------

    def result(self, kind: str) -> CheckedFile:
        """Everything as a value."""
        known = self.setting.known
        outcome = Outcome(self.found, self.faults, self._held(), known)
        tables, places = outcome.tables(self.vocabulary)
        return CheckedFile(
            self.name,
            kind,
            self.profile.id,
            tuple(self.sheets),
            tables,
            places,
            self.faults.table(),
            self.questions.table(),
            outcome.verdicts(places),
            tuple(dict.fromkeys(self.notices)),
        )
