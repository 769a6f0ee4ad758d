"""Makes a demonstration in an empty folder: region, database, figures, accounts.

Run as a process of its own, with QIANGSHI_DEMO_FOLDER naming the folder, so that the serving
process never holds the database of a half-made demonstration.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from qiangshi.cli import look_for_garbage_seldom
from qiangshi.measure import gaps, write_snapshot
from qiangshi.synthetic import RegionSpec, make_region
from qiangshi_web.analytics.plans import plan, plans_sha256, vocabulary
from qiangshi_web.analytics.records import rows_where
from qiangshi_web.kernel.actors import Actor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qiangshi.measure.snapshot import Snapshot
    from qiangshi_web.demo.casting import Bound

OWN = "jiyuan-2021"
"""The plan of the region that the generator is calibrated on."""

PLANS = (
    "bayannur-2023",
    "beijing-strong-teachers",
    "beijing-teacher-education-2018",
    "guangdong-city-2022",
    OWN,
)
"""Every regional plan, the region's own last: what its records do not tell of others is unknown."""

YEARS_BEFORE = (2, 1)
"""For how many years back the region's own plan is measured too, so that figures have a course."""

HOURS = "standard:class-hours-five-years"
"""The standard that the teacher of the cast lacks."""

MAKER = Actor(user_id=None, name="示范数据生成程序", person_id="", holdings=())
"""Who recorded the region."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper


def build(folder: Path, *, teachers: int) -> None:
    """Everything, in order. Django is set up on the database in `folder`."""
    spec = RegionSpec(teachers=teachers)
    tell(f"生成示范区域：{teachers} 名专任教师")
    tables = make_region(spec, vocabulary=vocabulary())
    given = write_snapshot(tables, folder / "given", on=spec.on, vocabulary=vocabulary())
    tell("建立数据库")
    call_command("migrate", verbosity=0, interactive=False)
    keep(given)
    snapshot = taken(given, folder / "snapshot")
    measure_the_past(spec, folder)
    measure(snapshot, PLANS)
    assess(snapshot)
    order_due_jobs()
    call_command("collectstatic", verbosity=0, interactive=False)
    tell("建立演示账号")
    opened = open_accounts(snapshot)
    register_platforms(on=snapshot.on)
    find_by_name()
    hand_in_example([bound for bound, _ in opened], on=snapshot.on)
    write_accounts(folder / "accounts.txt", opened)


def keep(snapshot: Snapshot) -> None:
    """Record everything that the region tells."""
    from qiangshi_web.analytics.snapshots import load_snapshot

    found = load_snapshot(snapshot, actor=MAKER, at=_at(snapshot))
    count = sum(told.recorded for told in found.values())
    tell(f"记入台账 {len(found)} 个，记录 {count} 条")


def taken(given: Snapshot, folder: Path) -> Snapshot:
    """The records as a snapshot of their own; what was `given` is not needed any more."""
    from qiangshi_web.analytics.snapshots import take_snapshot

    snapshot = take_snapshot(folder, on=given.on)
    shutil.rmtree(given.folder)
    return snapshot


def measure_the_past(spec: RegionSpec, folder: Path) -> None:
    """The region as it stood at the end of earlier years, under its own plan."""
    for years in YEARS_BEFORE:
        before = replace(spec, on=spec.on.replace(year=spec.on.year - years))
        tables = make_region(before, vocabulary=vocabulary())
        name = folder / f"snapshot-{before.on.year}"
        past = write_snapshot(tables, name, on=before.on, vocabulary=vocabulary())
        measure(past, [OWN])


def measure(snapshot: Snapshot, plans: Sequence[str] = (OWN,)) -> None:
    """The results of measuring, into the database."""
    from qiangshi_web.analytics.actions import measure_and_store

    run = measure_and_store(
        plans=[plan(plan_id) for plan_id in plans],
        snapshot=snapshot,
        vocabulary=vocabulary(),
        plans_sha256=plans_sha256(plans),
        at=_at(snapshot),
    )
    tell(f"测算完成：{run.results.count()} 个结果")


def assess(snapshot: Snapshot) -> None:
    """How good the records are, into the database."""
    from qiangshi_web.quality.actions import assess_snapshot

    run = assess_snapshot(snapshot, at=_at(snapshot))
    tell(f"评估数据质量：{run.problems} 个问题")


def order_due_jobs() -> None:
    """What a worker does first: the schedule's jobs of today."""
    from django.utils import timezone

    from qiangshi_web.jobs.actions import start_due

    start_due(now=timezone.localtime(), by=MAKER)


def _at(snapshot: Snapshot) -> datetime:
    """When the region was recorded and measured: when its day began."""
    return datetime.combine(snapshot.on, time(), tzinfo=UTC)


def open_accounts(snapshot: Snapshot) -> list[tuple[Bound, str]]:
    """The cast's accounts with their new pass phrases."""
    from qiangshi_web.demo.casting import bind_cast
    from qiangshi_web.identity.actions import grant_role, open_account
    from qiangshi_web.identity.hashers import DRAWN

    bound = bind_cast(
        snapshot.table("organisation").to_pylist(),
        snapshot.table("person").to_pylist(),
        lacking=lacking_hours(snapshot),
        hours=hours_on_record(snapshot),
    )
    opened = []
    for one in bound:
        phrase = pass_phrase()
        user = open_account(
            username=one.part.username,
            name=one.part.name,
            password=phrase,
            person_id=one.person_id,
            hasher=DRAWN,
        )
        grant_role(
            user=user,
            role=one.part.role,
            organisation_id=one.organisation_id,
            valid_from=snapshot.on,
        )
        opened.append((one, phrase))
    return opened


def register_platforms(*, on: date) -> None:
    """The national platform, a plain link: what the list of platforms looks like with one."""
    from qiangshi_web.kernel import clock
    from qiangshi_web.signon.actions import register_platform

    register_platform(
        platform_id="smartedu",
        name="国家智慧教育平台",
        name_en="Smart Education of China",
        purpose="研修与资源",
        address="https://www.smartedu.cn/",
        valid_from=on,
        actor=MAKER,
        at=clock.now(),
    )


def find_by_name() -> None:
    """Everybody can be searched for: what was loaded in one go waits for this otherwise."""
    from qiangshi_web.finding.actions import refresh_names

    tell(f"建立检索词：{refresh_names()} 个")


def hand_in_example(cast: Sequence[Bound], *, on: date) -> None:
    """A school's file that waits for somebody to look at it, one row of it wrong."""
    from django.core.files.base import ContentFile

    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.exchange.actions import hand_in
    from qiangshi_web.identity.queries import accounts, actor_for
    from qiangshi_web.kernel import clock

    teacher = next(bound.person_id for bound in cast if bound.part.place == "person")
    principal = next(bound for bound in cast if bound.part.place == "school")
    (user,) = accounts([principal.part.username])
    lines = [
        "教师编号,完成日期,培训类别,学时,是否认定",
        f"{teacher},{on.isoformat()},学科培训,12,是",
        f"{teacher},{on.isoformat()},师德教育,十二,是",
    ]
    content = ContentFile("\n".join(lines).encode("utf-8-sig"), "示例-培训学时记录.csv")
    school = Organisation.objects.get(pk=principal.organisation_id)
    hand_in(content, organisation=school, on=on, actor=actor_for(user, on), at=clock.now())


def hours_on_record(snapshot: Snapshot) -> dict[str, float]:
    """Person → recognised class hours, of all years."""
    found: dict[str, float] = {}
    for row in rows_where(snapshot, "training_entry", "is_recognised", True):
        found[row["person_id"]] = found.get(row["person_id"], 0.0) + float(row["hours"] or 0)
    return found


def lacking_hours(snapshot: Snapshot) -> list[str]:
    """Ids of persons who certainly lack hours but have some.

    Those with an entry that does not count come first: their pages have most to tell.
    """
    left_out = {
        row["person_id"] for row in rows_where(snapshot, "training_entry", "is_recognised", False)
    }
    lacking = [
        gap.person_id
        for gap in gaps(plan(OWN), snapshot, vocabulary=vocabulary())
        if gap.item == HOURS and gap.state == "not_met" and gap.has
    ]
    return sorted(lacking, key=lambda person_id: person_id not in left_out)


def pass_phrase() -> str:
    """Sixteen random letters in groups of four: about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def write_accounts(file: Path, opened: list[tuple[Bound, str]]) -> None:
    """One line for each account, for the owner's eyes only."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:  # noqa: PTH123 - a mode from the first byte
        for one, phrase in opened:
            out.write(f"{one.part.name}\t{one.part.username}\t{phrase}\n")


def tell(words: str) -> None:
    """A progress line."""
    print(f"强师：{words}", file=sys.stderr, flush=True)


def main() -> None:
    """`python -m qiangshi_web.demo.building TEACHERS`"""
    look_for_garbage_seldom()
    django.setup()
    from django.conf import settings

    build(Path(settings.QIANGSHI_FOLDER), teachers=int(sys.argv[1]))


if __name__ == "__main__":
    main()
