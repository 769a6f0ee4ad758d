"""The checks of a move, asked of the record: gates and standards by measuring, rules by facts.

Nothing is asked of what somebody typed in. The record of the persons concerned becomes a small
snapshot of the day, with the row that the outcome would record beside it where the type proposes
one; the plans' own conditions are then measured on it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from qiangshi.casework.checks import Asked, Gates, Meets, Rule
from qiangshi.casework.grounds import Finding
from qiangshi.measure.gating import check_rows
from qiangshi.policy.item_parts import measures_of, subject_of
from qiangshi_web.casework.norms import rules
from qiangshi_web.casework.registry import declared
from qiangshi_web.contexts.organisations.queries import Organisation, on_day
from qiangshi_web.kernel.registry import register, registers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from qiangshi.casework.checks import Check
    from qiangshi.casework.kinds import Move
    from qiangshi.policy.models import Plan
    from qiangshi_web.casework.registry import File
    from qiangshi_web.kernel.records.facts import Fact
    from qiangshi_web.kernel.registry import Register

Rows = list[dict[str, Any]]


def findings(move: Move, files: Sequence[File], on: date) -> dict[int, tuple[Finding, ...]]:
    """Case → how the checks of the move come out for it. All cases are of one type."""
    found: dict[int, list[Finding]] = {file.number: [] for file in files}
    if not files or not move.checks:
        return {number: () for number in found}
    for plan, wanted in _items(files[0].kind.key, move.checks).items():
        for number, finding in _measured(plan, wanted, files, on):
            found[number].append(finding)
    for check in move.checks:
        if isinstance(check, Rule):
            for file in files:
                found[file.number].append(_ruled(check, file, on))
    return {number: tuple(each) for number, each in found.items()}


def _items(case_type: str, checks: Iterable[Check]) -> dict[str, dict[str, Any]]:
    """Plan → item → effect, for what the checks name and the plans bind to the type."""
    norms = rules().norms
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for check in checks:
        if isinstance(check, Gates):
            for plan, reference in norms.bound_to(case_type):
                effect = getattr(plan.items[reference], "effect", "refuse")
                if effect in check.effects:
                    found[plan.id][reference] = effect
        elif isinstance(check, Meets):
            for plan, _ in list(norms.items(check.item))[:1]:
                found[plan.id][check.item] = check.effect
    return found


def _measured(
    plan_id: str, wanted: dict[str, Any], files: Sequence[File], on: date
) -> Iterator[tuple[int, Finding]]:
    plan = next(one for one in rules().norms.plans if one.id == plan_id)
    rows, keys = _rows(plan, wanted, files, on)
    words = vocabulary()
    checked = check_rows(plan, wanted, rows, keys=list(keys), vocabulary=words, on=on)
    for one in checked:
        for number in keys[one.key]:
            yield (
                number,
                Finding(
                    check=f"{plan.id}/{one.reference}",
                    label=one.title_zh,
                    verdict=one.verdict,
                    seen=one.sentence_zh,
                    clause=one.clause,
                    cure=one.cure_zh,
                    effect=wanted[one.reference],
                ),
            )


def _rows(
    plan: Plan, wanted: Iterable[str], files: Sequence[File], on: date
) -> tuple[dict[str, Rows], dict[str, list[int]]]:
    """The record of those concerned by relation, and which cases each judged key stands for."""
    keys: dict[str, list[int]] = defaultdict(list)
    proposed: dict[str, Rows] = defaultdict(list)
    people = {file.person_id for file in files if file.person_id}
    for file in files:
        keys[file.person_id or file.organisation_id].append(file.number)
        proposal = declared(file.kind.key, file.kind.version).proposal
        if proposal is not None:
            relation, row = proposal(file)
            key = f"proposed-{file.number}"
            proposed[relation].append(_as_of(relation, row, on) | {_key_of(relation): key})
            keys[key].append(file.number)
    rows = {"organisation": _organisations(files, on)}
    for name in _relations(plan, wanted) - {"organisation"}:
        rows[name] = _rows_of(name, people, on)
        if not rows[name] and not _is_kept(registers()[name]):
            del rows[name]
        if name in proposed:
            rows[name] = [*rows.get(name, []), *proposed[name]]
    return rows, keys


def _key_of(relation: str) -> str:
    return str(register(relation).relation.key)


def _as_of(relation: str, row: dict[str, Any], on: date) -> dict[str, Any]:
    """The row as though it held today: measuring leaves out what has not begun or is over."""
    dated, found = register(relation).relation.dated, dict(row)
    begins, ends = dated.since or dated.on, dated.until
    if begins and found.get(begins) is not None:
        found[begins] = min(found[begins], on)
    if ends and found.get(ends) is not None:
        found[ends] = max(found[ends], on)
    return found


def _relations(plan: Plan, wanted: Iterable[str]) -> set[str]:
    """The relations that the items look at, and those above them."""
    words = vocabulary()
    named = set()
    for reference in wanted:
        item = plan.items[reference]
        named.add(subject_of(item))
        named |= {words.measures[counted.measure].relation for _, counted in measures_of(item)}
    above = {step for name in named for step in words.path_to(name, "organisation") or ()}
    return {name for name in named | above if name in registers()}


def _is_kept(found: Register) -> bool:
    """Whether anybody ever handed the ledger in: an empty one is unknown, not nought."""
    return found.state is not None or found.facts.objects.exists()


def _rows_of(name: str, people: set[str], on: date) -> Rows:
    """Rows of a relation that belong to the persons; states as they hold on the day."""
    found = registers()[name]
    path = vocabulary().path_to(name, "person")
    if path is None:
        return []
    prefix = "__".join([*path[1:], "pk"]) if len(path) > 1 else "pk"
    if found.state is None:
        return _values(
            found.facts, [c.id for c in found.relation.columns], {f"{prefix}__in": people}
        )
    return _with_states(found, {f"{name}__pk__in": people}, on)


def _organisations(files: Sequence[File], on: date) -> Rows:
    """The organisations of the cases and all above them."""
    own = {file.organisation_id for file in files}
    paths = Organisation.objects.filter(pk__in=own).values_list("path", flat=True)
    ids = {part for path in paths for part in path.strip("/").split("/")}
    return _with_states(register("organisation"), {"organisation__pk__in": ids}, on)


def _with_states(found: Register, where: dict[str, Any], on: date) -> Rows:
    """What holds on the day of a relation of states, with what never changes."""
    columns = [column.id for column in found.relation.columns]
    assert found.state is not None, "asked only of relations with states"
    held = [name for name in columns if found.holder(name) is found.state]
    lasting = [name for name in columns if name not in held]
    key = str(found.relation.key)
    attribute = next(iter(where)).partition("__")[0]
    sources = [f"{attribute}__{name}" for name in lasting]
    states = found.state.objects.filter(on_day(on), **where).values(
        f"{attribute}_id", *held, *sources
    )
    rows = []
    for row in states:
        told = {name: row[name] for name in held}
        told |= {name: row[f"{attribute}__{name}"] for name in lasting}
        rows.append({**told, key: row[f"{attribute}_id"]})
    return rows


def _values(model: type[Fact], columns: list[str], where: dict[str, Any]) -> Rows:
    return list(model.objects.filter(Q(**where)).values(*columns))


def _ruled(rule: Rule, file: File, on: date) -> Finding:
    """A rule over payload and facts; a fact that is not there leaves it open."""
    facts = declared(file.kind.key, file.kind.version).facts
    numbers = {number.value: rules().norms.find(number, on) for number in rule.numbers}
    asked = Asked(file.payload, facts(file, on) if facts else {}, numbers, on)
    ground = rule.test(asked)
    source = "；".join(dict.fromkeys(cited.source for cited in numbers.values()))
    if ground is None:
        return Finding(rule.key, rule.label, True, f"{rule.label}：符合", source, "", rule.effect)
    clause = ground.clause or source
    verdict = None if ground.is_open else False
    return Finding(rule.key, rule.label, verdict, ground.text, clause, ground.cure, rule.effect)
