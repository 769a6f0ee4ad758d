"""The checks of a move, asked of the record: gates and standards by measuring, rules by facts.

Nothing is asked of what somebody typed in. The record of the persons concerned becomes a small
snapshot of the day, with the row that the outcome would record beside it where the type proposes
one; the plans' own conditions are then measured on it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import F

from qiangshi.casework.checks import Asked, Rule, measured_by
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

    from qiangshi.casework.grounds import Effect
    from qiangshi.casework.kinds import Move
    from qiangshi.policy.models import Plan
    from qiangshi_web.casework.registry import File
    from qiangshi_web.kernel.registry import Register

Rows = list[dict[str, Any]]


def findings(move: Move, files: Sequence[File], on: date) -> dict[int, tuple[Finding, ...]]:
    """Case → how the checks of the move come out for it. All cases are of one type."""
    found: dict[int, list[Finding]] = {file.number: [] for file in files}
    if not files or not move.checks:
        return {number: () for number in found}
    wanted: dict[str, dict[str, Effect]] = defaultdict(dict)
    for check in move.checks:
        for plan, reference, effect in measured_by(check, files[0].kind.key, rules().norms):
            wanted[plan.id][reference] = effect
    for plan_id, effects in wanted.items():
        for number, finding in _measured(plan_id, effects, files, on):
            found[number].append(finding)
    for rule in [check for check in move.checks if isinstance(check, Rule)]:
        for file in files:
            found[file.number].append(_ruled(rule, file, on))
    return {number: tuple(each) for number, each in found.items()}


def _measured(
    plan_id: str, wanted: dict[str, Effect], files: Sequence[File], on: date
) -> Iterator[tuple[int, Finding]]:
    plan = next(one for one in rules().norms.plans if one.id == plan_id)
    rows, keys = _rows(plan, wanted, files, on)
    words = vocabulary()
    checked = check_rows(plan, wanted, rows, keys=list(keys), vocabulary=words, on=on)
    for one in checked:
        finding = Finding(
            check=f"{plan.id}/{one.reference}",
            label=one.title_zh,
            verdict=one.verdict,
            seen=one.sentence_zh,
            clause=one.clause,
            cure=one.cure_zh,
            effect=wanted[one.reference],
        )
        yield from ((number, finding) for number in keys[one.key])


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
            proposed[relation].append(_as_of(relation, row, on, key))
            keys[key].append(file.number)
    rows = {"organisation": _organisations(files, on)}
    for name in _relations(plan, wanted) - {"organisation"}:
        kept = _rows_of(name, people, on)
        if kept or name in proposed or _is_kept(registers()[name]):
            rows[name] = [*kept, *proposed[name]]
    return rows, keys


def _as_of(relation: str, row: dict[str, Any], on: date, key: str) -> dict[str, Any]:
    """The row as though it held today: measuring leaves out what has not begun or is over."""
    told = register(relation).relation
    dated, found = told.dated, {**row, str(told.key): key}
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
    found, path = registers()[name], vocabulary().path_to(name, "person")
    if path is None:
        return []
    if found.state is not None:
        return _with_states(found, people, on)
    belong = {f"{'__'.join([*path[1:], 'pk'])}__in": people}
    columns = [column.id for column in found.relation.columns]
    return list(found.facts.objects.filter(**belong).values(*columns))


def _organisations(files: Sequence[File], on: date) -> Rows:
    """The organisations of the cases and all above them."""
    own = {file.organisation_id for file in files}
    paths = Organisation.objects.filter(pk__in=own).values_list("path", flat=True)
    ids = {part for path in paths for part in path.strip("/").split("/")}
    return _with_states(register("organisation"), ids, on)


def _with_states(found: Register, ids: set[str], on: date) -> Rows:
    """What holds on the day of a relation of states, with what never changes."""
    assert found.state is not None, "asked only of relations with states"
    name, columns = found.relation.id, [column.id for column in found.relation.columns]
    held = [one for one in columns if found.holder(one) is found.state]
    lasting = {one: F(f"{name}__{one}") for one in columns if one not in held}
    states = found.state.objects.filter(on_day(on), **{f"{name}__in": ids})
    return list(states.values(*held, **lasting))


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
