"""`qiangshi measure PLAN`: the clause table of a region, from its own records or the demo's."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiangshi.commands.measure_sheets import (
    CLAUSE_HEADS,
    clause_row,
    fault_sheet,
    gap_sheet,
    in_clause_order,
    left_out_sheet,
    result_sheet,
)
from qiangshi.commands.tables import print_table
from qiangshi.datacheck.reading import Reading, read_records
from qiangshi.errors import UnknownSubject
from qiangshi.measure import STATUS_ZH, evaluate, gaps, read_snapshot, write_snapshot
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.storing import MANIFEST
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.policy.files import policy_root
from qiangshi.report.workbook import write_gap_workbook
from qiangshi.synthetic import RegionSpec, make_region

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qiangshi.datacheck.faults import RowFault
    from qiangshi.measure import Result, Results, Snapshot
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
_FAULTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Records:
    """What is measured: a snapshot, and what reading it had to tell."""

    snapshot: Snapshot
    source: str
    reading: Reading | None = None


@click.command("measure")
@click.argument("plan_name", metavar="PLAN")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="填好的模板、CSV 文件夹或快照文件夹；不给则用示范地区",
)
@click.option("--out", type=FILE, help="写出结果和缺口名单的 Excel；给了 --data 时默认写在它旁边")
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="截至日期")
@click.option("--organisation", metavar="ID", help="只看这一机构（含下级）；默认最上一级")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--show-plan", is_flag=True, help="只输出测算计划（JSON），不测算")
@click.option("--home", type=FOLDER, envvar="QIANGSHI_HOME", help="示范数据所在文件夹")
@click.option("--policy", type=FOLDER, help="另一 policy 目录")
def command(
    plan_name: str,
    data: Path | None,
    out: Path | None,
    on_day: datetime | None,
    organisation: str | None,
    as_json: bool,
    show_plan: bool,
    home: Path | None,
    policy: Path | None,
) -> None:
    """按条款测算：哪些达标，哪些没有，哪些还说不清。"""
    vocabulary = load_vocabulary(policy)
    plan = load_plan(plan_name, root=policy, vocabulary=vocabulary)
    on = on_day.date() if on_day is not None else None
    with _records(data, home, plan, vocabulary, on=on) as records:
        if show_plan:
            day = on or records.snapshot.on
            compiled = compile_plans([plan], vocabulary=vocabulary, on=day)
            click.echo(_json(compiled.as_json()))
            return
        results = evaluate([plan], records.snapshot, vocabulary=vocabulary, on=on)
        chosen = _chosen(results, organisation)
        rows = in_clause_order(
            plan, (row for name in chosen for row in results.for_(organisation_id=name))
        )
        written = out or _beside(data, records.reading)
        if written is not None:
            _write(written, plan, records, results, rows, organisation, vocabulary)
    if as_json:
        click.echo(_json(_told(plan, records, results, rows)))
        return
    _print(plan, records, results, rows, chosen, vocabulary)
    if written is not None:
        click.echo(f"\n已写出 {written}")


@contextmanager
def _records(
    data: Path | None,
    home: Path | None,
    plan: Plan,
    vocabulary: Vocabulary,
    *,
    on: date | None,
) -> Iterator[Records]:
    """The records to measure; what is not a snapshot already becomes one for the time being."""
    if data is not None and (data / MANIFEST).is_file():
        yield Records(read_snapshot(data), str(data))
        return
    demo = (home or _usual_home()) / "demo" / "snapshot"
    if data is None and (demo / MANIFEST).is_file():
        yield Records(read_snapshot(demo), "示范地区（虚构）")
        return
    with tempfile.TemporaryDirectory(prefix="qiangshi-") as folder:
        place = Path(folder) / "snapshot"
        if data is None:
            spec = RegionSpec()
            made = make_region(spec, vocabulary=vocabulary)
            snapshot = write_snapshot(made, place, on=spec.on, vocabulary=vocabulary)
            yield Records(snapshot, "示范地区（虚构，临时生成）")
            return
        reading = read_records(data, vocabulary=vocabulary, plan=plan)
        day = on or datetime.now().astimezone().date()
        snapshot = write_snapshot(reading.tables, place, on=day, vocabulary=vocabulary)
        yield Records(snapshot, data.name, reading)


def _usual_home() -> Path:
    """`var` of the checkout, else of the folder where one stands."""
    checkout = policy_root().parent
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"


def _beside(data: Path | None, reading: Reading | None) -> Path | None:
    """Where the gaps of given records go when nobody says."""
    if data is None or reading is None:
        return None
    name = data.stem if data.is_file() else data.resolve().name
    return data.resolve().parent / f"{name}-缺口.xlsx"


def _chosen(results: Results, organisation: str | None) -> list[str]:
    known = results.organisations
    if organisation is None:
        return [name for name, top in zip(known.ids, known.top, strict=True) if top]
    if organisation not in known.ids:
        raise UnknownSubject(f"数据中没有编号为 {organisation} 的机构")
    return [organisation]


def _write(
    path: Path,
    plan: Plan,
    records: Records,
    results: Results,
    rows: Sequence[Result],
    organisation: str | None,
    vocabulary: Vocabulary,
) -> None:
    found = gaps(
        plan,
        records.snapshot,
        vocabulary=vocabulary,
        on=results.evaluation_plan.on,
        organisation_id=organisation,
    )
    below = [row for row in results.rows if row.status != "informational"]
    more = [result_sheet("各机构", results, below, vocabulary), left_out_sheet(results)]
    if records.reading is not None:
        more.append(fault_sheet(records.reading))
    first = result_sheet("各条款", results, rows, vocabulary)
    write_gap_workbook(first, gap_sheet(found), path, more=more)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _told(
    plan: Plan, records: Records, results: Results, rows: Sequence[Result]
) -> dict[str, object]:
    reading = records.reading
    return {
        "plan": plan.id,
        "on": results.evaluation_plan.on.isoformat(),
        "source": records.source,
        "snapshot": records.snapshot.sha256,
        "records": dict(records.snapshot.relations),
        "statuses": dict(Counter(row.status for row in rows)),
        "results": [asdict(row) for row in rows],
        "left_out": [asdict(left) for left in results.left_out],
        "faults": [asdict(fault) for fault in reading.faults] if reading else [],
        "notices": [asdict(notice) for notice in reading.notices] if reading else [],
    }


def _print(
    plan: Plan,
    records: Records,
    results: Results,
    rows: Sequence[Result],
    chosen: Sequence[str],
    vocabulary: Vocabulary,
) -> None:
    on = results.evaluation_plan.on.isoformat()
    click.echo(f"{plan.head.title.zh}\n数据：{records.source}，截至 {on}")
    names = dict(zip(results.organisations.ids, results.organisations.names, strict=True))
    for name in chosen:
        here = [row for row in rows if row.organisation_id == name]
        click.echo(f"\n{names[name]}（{name}）")
        print_table(CLAUSE_HEADS, [clause_row(row, vocabulary) for row in here])
        counted = Counter(row.status for row in here)
        told = [f"{zh} {counted[word]}" for word, zh in STATUS_ZH.items() if counted[word]]
        click.echo("，".join(told))
    for left in results.left_out:
        click.echo(f"未测算：{left.clause} {left.title_zh}（{left.reason_zh}）")
    if records.reading is not None:
        _print_reading(records.reading)


def _one_of_each_first(faults: Sequence[RowFault]) -> list[RowFault]:
    """One bad row may cost a hundred others: what is wrong in a new way comes before more of it."""
    seen: Counter[tuple[str, str]] = Counter()
    ranked: list[tuple[int, RowFault]] = []
    for fault in faults:
        ranked.append((seen[fault.sheet, fault.column], fault))
        seen[fault.sheet, fault.column] += 1
    return [fault for _, fault in sorted(ranked, key=lambda pair: pair[0])]


def _print_reading(reading: Reading) -> None:
    click.echo(f"\n共读入 {reading.rows_read} 行，其中 {reading.rows_good} 行有效")
    for notice in reading.notices:
        click.echo(f"注意：{notice}")
    for fault in _one_of_each_first(reading.faults)[:_FAULTS_SHOWN]:
        click.echo(str(fault))
    if len(reading.faults) > _FAULTS_SHOWN:
        rest = len(reading.faults) - _FAULTS_SHOWN
        click.echo(f"另有 {rest} 处问题，见写出的 Excel“数据问题”表")
