"""The parts of a run's figures: by stage, subject, sex and whatever else the product parts by.

Each plan and breakdown has a file below the installation's folder. Measuring makes them; one that
is not there yet is made when somebody first asks.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from qiangshi.measure.backends.bitplane.standing import BitplaneBackend
from qiangshi.measure.cube import keep_parts, part_below, parts_at, parts_at_each, parts_below
from qiangshi.policy.methods import load_breakdowns
from qiangshi_web.analytics.folders import placed
from qiangshi_web.analytics.models import MeasuredResult
from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import vocabulary
from qiangshi_web.analytics.queries import snapshot_of
from qiangshi_web.analytics.records import code_text
from qiangshi_web.kernel.language import pick, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from qiangshi.measure.cube import PartOf
    from qiangshi.policy.methods import Breakdown
    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.groups import GroupSeen
    from qiangshi_web.analytics.models import MeasuredSnapshot
    from qiangshi_web.contexts.organisations.queries import Organisation

Parts = dict[str, list[MeasuredResult]]
"""Token of a part → its figures, in the breakdown's order."""

NOBODY_KNOWS = "-"
"""The token of those whose value is unknown."""


@dataclass(frozen=True, slots=True)
class Split:
    """What figures are parted by; `part` is the token of the one asked for, empty for all."""

    breakdown: Breakdown
    part: str = ""

    @property
    def token(self) -> str:
        """As it stands in an address: `sex`, `sex:female`, `sex:-`."""
        return f"{self.breakdown.id}:{self.part}" if self.part else self.breakdown.id

    @property
    def label(self) -> str:
        """What the breakdown is called: 性别."""
        return pick(self.breakdown.label)

    @property
    def words(self) -> str:
        """What is shown: 按性别分列, or 性别：女."""
        if not self.part:
            return say("按{label}分列", label=self.label)
        part = labels_of(self.breakdown)[self.part]
        return say("{label}：{part}", label=self.label, part=part)


@cache
def breakdowns() -> dict[str, Breakdown]:
    """What the product parts figures by, read once."""
    return load_breakdowns()


def split_named(token: str) -> Split | None:
    """The split of an address; None where there is no such one."""
    name, _, part = token.partition(":")
    breakdown = breakdowns().get(name)
    if breakdown is None or (part and part not in labels_of(breakdown)):
        return None
    return Split(breakdown, part)


def labels_of(breakdown: Breakdown) -> dict[str, str]:
    """Token → words of every part, in order; those of whom it is not known last."""
    unknown = {NOBODY_KNOWS: say("不明")}
    if breakdown.bands:
        return {band.id: pick(band.label) for band in breakdown.bands} | unknown
    relation, _, column = breakdown.columns[0].partition(".")
    codes = vocabulary().relations[relation].by_id[column].codes or ""
    known = (code.code for code in vocabulary().codes[codes].codes)
    return {code: code_text(codes, code) for code in known} | unknown


def parts_here(
    run: MeasuredSnapshot,
    plan: Plan,
    split: Split,
    organisation: Organisation,
    *,
    item: str | None = None,
) -> Parts:
    """The parts of an organisation's figures. In scope when the organisation is."""
    file = _file(run, plan, split.breakdown)
    found = parts_at(file, organisation.pk, organisation.parent_id, item=item)
    return _in_order(run, found, split)


def parts_among_children(
    run: MeasuredSnapshot, plan: Plan, split: Split, organisation: Organisation, *, item: str
) -> Parts:
    """The parts of one figure of the organisations directly below."""
    file = _file(run, plan, split.breakdown)
    return _in_order(run, parts_below(file, organisation.pk, item=item), split)


def parts_among(
    run: MeasuredSnapshot,
    plan: Plan,
    split: Split,
    organisations: Iterable[Organisation],
    *,
    item: str,
) -> Parts:
    """The parts of one figure of some organisations. In scope when these are."""
    above = {one.pk: one.parent_id for one in organisations}
    found = parts_at_each(_file(run, plan, split.breakdown), above, item=item)
    return _in_order(run, found, split)


def parts_of_group(
    run: MeasuredSnapshot, plan: Plan, split: Split, seen: GroupSeen, *, item: str
) -> Parts:
    """The parts of one figure of a group; none where a member is out of reach."""
    if seen.hidden:
        return {}
    file = _group_file(run, plan, split.breakdown)
    return _in_order(run, parts_at(file, seen.group.name, None, item=item), split)


def part_among_children(
    run: MeasuredSnapshot, plan: Plan, split: Split, organisation: Organisation
) -> list[MeasuredResult]:
    """The figures of the split's one part, of the organisations directly below."""
    part = None if split.part == NOBODY_KNOWS else split.part
    found = part_below(_file(run, plan, split.breakdown), organisation.pk, part)
    return [MeasuredResult.of(run, one.result) for one in found]


def _in_order(run: MeasuredSnapshot, found: Iterable[PartOf], split: Split) -> Parts:
    made: Parts = {token: [] for token in labels_of(split.breakdown)}
    for one in found:
        made[one.part or NOBODY_KNOWS].append(MeasuredResult.of(run, one.result))
    return {token: rows for token, rows in made.items() if rows}


def _file(run: MeasuredSnapshot, plan: Plan, breakdown: Breakdown) -> Path:
    return _laid_down(run, plan, breakdown, "parquet")


def _group_file(run: MeasuredSnapshot, plan: Plan, breakdown: Breakdown) -> Path:
    return _laid_down(run, plan, breakdown, "groups.parquet")


def _laid_down(run: MeasuredSnapshot, plan: Plan, breakdown: Breakdown, ending: str) -> Path:
    """A file of a plan's parts, made with those beside it where it is not there yet."""
    rule = sha256(breakdown.model_dump_json().encode()).hexdigest()[:8]
    stem = folder_of(run) / f"{plan.id}.{breakdown.id}.{rule}"
    file = stem.with_name(f"{stem.name}.{ending}")
    if not file.is_file():
        keep_parts(
            stem.with_name(f"{stem.name}.parquet"),
            plan,
            snapshot_of(run),
            breakdown,
            of_groups=stem.with_name(f"{stem.name}.groups.parquet"),
            vocabulary=vocabulary(),
            backend=BitplaneBackend(),
        )
    return file


def keep_all_parts(run: MeasuredSnapshot) -> None:
    """Lay down the parts of every plan of the run, so that nobody has to wait for them."""
    for plan_id in run.plan_ids:
        for breakdown in breakdowns().values():
            _file(run, load(plan_id), breakdown)


def folder_of(run: MeasuredSnapshot) -> Path:
    """Where the parts of a run's figures lie."""
    return placed("cube") / f"{run.sha256[:16]}-{run.plans_sha256[:16]}"


def forget_parts(run: MeasuredSnapshot) -> None:
    """What was laid down of the same run before is made anew when somebody asks."""
    shutil.rmtree(folder_of(run), ignore_errors=True)
