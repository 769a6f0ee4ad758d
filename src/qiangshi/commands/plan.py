"""`qiangshi plan`: check, show, coverage, compare, diff, trace, schema, new."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiangshi.commands.running import running
from qiangshi.commands.tables import print_table
from qiangshi.errors import QiangshiError, UnknownPlan
from qiangshi.measure.examples import run_examples
from qiangshi.policy import load_catalogue, load_plan, load_plans, load_vocabulary
from qiangshi.policy.comparing import compare, diff, shown_value
from qiangshi.policy.coverage import coverage, total, unconfirmed
from qiangshi.policy.files import plan_folders, policy_root
from qiangshi.policy.item_parts import values_of
from qiangshi.policy.language import json_schemas
from qiangshi.policy.reference import reference_pages, write_reference
from qiangshi.policy.skeleton import start_plan
from qiangshi.policy.tracing import read_document, trace
from qiangshi.policy.vocabulary import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qiangshi.policy.models import Plan

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
_SHOWN_REASONS = 20
policy_option = click.option("--policy", type=FOLDER, help="另一 policy 目录")


@click.group("plan")
def command() -> None:
    """方案：检查、查看、承载情况、对照、核对原文、新建。"""


@command.command("check")
@click.argument("plan_names", nargs=-1, metavar="[PLAN]...")
@policy_option
def check_plans(plan_names: tuple[str, ...], policy: Path | None) -> None:
    """检查方案；有错时逐条指出文件、行号、应为与实为。"""
    plans = _chosen(plan_names, policy)
    for plan in plans:
        click.echo(f"{plan.id}：{len(plan.provisions)} 项要求，{len(plan.items)} 个条目，无误")


@command.command("show")
@click.argument("plan_name", metavar="PLAN")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@policy_option
def show_plan(plan_name: str, as_json: bool, policy: Path | None) -> None:
    """按条款列出一个方案的要求、条目和数值。"""
    plan = load_plan(plan_name, root=policy)
    if as_json:
        click.echo(plan.model_dump_json(indent=2, exclude_none=True))
        return
    vocabulary = load_vocabulary(policy)
    click.echo(f"{plan.head.title.zh}\n{plan.head.issuer.zh}　有效期 {_validity(plan)}")
    for path, clause in plan.clauses.items():
        click.echo(f"\n{path}　{clause.label.zh}")
        for provision in plan.provisions.values():
            if provision.clause == path:
                carriers = "、".join(provision.carried_by)
                click.echo(f"  {provision.id}　{provision.summary.zh}　← {carriers}")
        for reference, item in plan.items.items():
            if item.clause == path:
                values = "；".join(shown_value(v, vocabulary) for _, v in values_of(item))
                click.echo(f"  [{reference}] {item.title.zh}　{values}")


@command.command("coverage")
@click.argument("plan_names", nargs=-1, metavar="[PLAN]...")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@policy_option
def show_coverage(plan_names: tuple[str, ...], as_json: bool, policy: Path | None) -> None:
    """各方案有多少项要求已被承载、承载方式正确、已能运行；其余列明原因。"""
    plans = _chosen(plan_names, policy)
    able = running(policy)
    found = [coverage(plan, able) for plan in plans]
    every = [*found, total(found)]
    if as_json:
        click.echo(json.dumps({c.plan: asdict(c) for c in every}, ensure_ascii=False, indent=1))
        return
    heads = ("方案", "要求", "已承载", "方式正确", "已运行")
    print_table(heads, [(c.plan, c.provisions, c.carried, c.right_kind, c.live) for c in every])
    reasons = Counter(missing.reason for missing in every[-1].rest)
    if reasons:
        click.echo(f"\n尚未运行的原因（前 {_SHOWN_REASONS} 种，全部见 --json）：")
        shown = reasons.most_common(_SHOWN_REASONS)
        print_table(("项数", "原因"), [(count, reason) for reason, count in shown])
    waiting = [
        (plan.id, reference, reason)
        for plan in plans
        for reference in unconfirmed(plan)
        if (reason := able.why_not(plan, reference))
    ]
    if waiting:
        click.echo("\n待确认、暂不评判的数据条目：")
        print_table(("方案", "条目", "原因"), waiting)


@command.command("compare")
@click.argument("matter")
@click.argument("plan_names", nargs=-1, metavar="[PLAN]...")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@policy_option
def compare_plans(
    matter: str,
    plan_names: tuple[str, ...],
    as_json: bool,
    policy: Path | None,
) -> None:
    """就同一事项（如 hours、学时、编制）对照各方案的规定。"""
    demands = compare(_chosen(plan_names, policy), matter, load_vocabulary(policy))
    if as_json:
        told = [asdict(demand) for demand in demands]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=Text.model_dump))
        return
    if not demands:
        raise QiangshiError(f"各方案中没有关于“{matter}”的数值；可用计量名、单位或登记簿名称")
    heads = ("方案", "条款", "条目", "数值", "时段", "时限")
    rows = [
        (d.plan, d.clause, d.title, d.value, d.window.zh, d.due.zh if d.due else "")
        for d in demands
    ]
    print_table(heads, rows)


@command.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@policy_option
def diff_plans(before: str, after: str, as_json: bool, policy: Path | None) -> None:
    """两个方案（或两个 policy 目录中的同一方案，写作 目录:方案）有何不同。"""
    changes = diff(_plan_at(before, policy), _plan_at(after, policy))
    if as_json:
        click.echo(json.dumps([asdict(c) for c in changes], ensure_ascii=False, indent=1))
        return
    rows = [(c.reference, c.part, c.before or "—", c.after or "—") for c in changes]
    print_table(("条目", "部分", "原为", "现为"), rows)
    click.echo(f"共 {len(changes)} 处不同")


@command.command("trace")
@click.argument("plan_name", metavar="PLAN")
@click.option("--document", type=FILE, required=True, help="本方案的文件（txt 或 docx）")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@policy_option
def trace_plan(plan_name: str, document: Path, as_json: bool, policy: Path | None) -> None:
    """在文件中找到每项要求的条款，核对其中的词和数字。"""
    found = trace(load_plan(plan_name, root=policy), read_document(document))
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    click.echo(
        f"{found.plan}：{found.provisions} 项要求，找到 {found.located} 项；"
        f"{found.numbers} 个数字，核对无误 {found.numbers_matched} 个"
    )
    rows = [(u.provision, u.clause, u.what, u.reason) for u in found.rest]
    if rows:
        print_table(("要求", "条款", "未核对上", "原因"), rows)


@command.command("examples")
@click.argument("plan_names", nargs=-1, metavar="[PLAN]...")
@policy_option
def check_examples(plan_names: tuple[str, ...], policy: Path | None) -> None:
    """运行方案旁的示例；结论与所写不符的逐条列出。"""
    vocabulary = load_vocabulary(policy)
    folders = plan_folders(policy or policy_root())
    failed = []
    for plan in _chosen(plan_names, policy):
        outcomes = run_examples(plan, folders[plan.id] / "examples", vocabulary=vocabulary)
        failed += [outcome for outcome in outcomes if not outcome.holds]
        click.echo(f"{plan.id}：{len(outcomes)} 个示例")
    rows = [(o.at, o.example.item, o.example.says.zh, o.example.expect, o.got) for o in failed]
    if rows:
        print_table(("位置", "条目", "说明", "应为", "实为"), rows)
        raise QiangshiError(f"{len(rows)} 个示例与所写不符")


@command.command("schema")
@click.option("--out", type=FOLDER, help="写入目录，一个文件一个 schema")
def write_schemas(out: Path | None) -> None:
    """方案语言的 JSON Schema，供编辑器使用。"""
    schemas = json_schemas()
    if out is None:
        click.echo(json.dumps(schemas, ensure_ascii=False, indent=1))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas.items():
        text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        (out / f"{name.removesuffix('.yaml')}.schema.json").write_text(text, encoding="utf-8")
    click.echo(f"已写入 {len(schemas)} 个文件：{out}")


@command.command("reference")
@click.option("--out", type=FOLDER, required=True, help="写入目录，通常为 docs/reference")
@policy_option
def write_reference_pages(out: Path, policy: Path | None) -> None:
    """生成词表、目录、各方案的参考页和 JSON Schema。"""
    pages = reference_pages(load_plans(policy), load_vocabulary(policy), load_catalogue(policy))
    write_reference(pages, out)
    click.echo(f"已写入 {len(pages)} 页：{out}")


@command.command("new")
@click.argument("plan_name", metavar="PLAN")
@click.option("--title", default="新方案", show_default=True, help="方案名称")
@click.option("--years", default=None, metavar="2026-2030", help="有效期")
@policy_option
def new_plan(plan_name: str, title: str, years: str | None, policy: Path | None) -> None:
    """为另一地区新建方案：写出可通过检查的最简文件。"""
    this_year = datetime.now(tz=UTC).year
    since, _, until = (years or f"{this_year}-{this_year}").partition("-")
    if not (since.isdigit() and (until or since).isdigit()):
        raise QiangshiError(f"有效期应写作 2026-2030，现为 {years}")
    folder = start_plan(
        policy or policy_root(), plan_name, title=title, since=int(since), until=int(until or since)
    )
    click.echo(f"已新建：{folder}\n下一步：编辑其中的文件，再运行 qiangshi plan check {plan_name}")


def _chosen(names: Iterable[str], policy: Path | None) -> list[Plan]:
    plans = load_plans(policy)
    wanted = list(names) or list(plans)
    unknown = [name for name in wanted if name not in plans]
    if unknown:
        raise UnknownPlan(f"没有名为 {'、'.join(unknown)} 的方案；现有：{'、'.join(plans)}")
    return [plans[name] for name in wanted]


def _plan_at(text: str, policy: Path | None) -> Plan:
    folder, _, name = text.rpartition(":")
    return load_plan(name, root=Path(folder) if folder else policy)


def _validity(plan: Plan) -> str:
    validity = plan.head.validity
    return f"{validity.since} 至 {validity.until or '未定'}"
