"""Why an organisation's figure is what it is: the arithmetic, and those whom it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.errors import UnknownPlan, UnknownSubject
from qiangshi.measure.arithmetic import arithmetic
from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.backends.duckdb_facts import part
from qiangshi.measure.compiling import MEASURED, compile_plans
from qiangshi.measure.counts import Counts
from qiangshi.measure.evaluating import results_of
from qiangshi.measure.judged import Judged, judged, wordings
from qiangshi.measure.trends import due_of
from qiangshi.measure.turning_figures import figure_ways
from qiangshi.measure.ways import ways_en, ways_zh
from qiangshi.measure.wording import clause_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from qiangshi.measure.counts import TestCounts
    from qiangshi.measure.results import Result, Results, StatusWord
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.ways import Way
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody or something that a figure is made of.

    `relation` names what it is: `person`, `organisation` ... A subject under a test has `judged`;
    an organisation below, or an owner of counted rows, has its share of the figure in `value`
    (and `result`, where it is an organisation).
    """

    relation: str
    key: str
    name: str
    organisation_id: str
    organisation_name: str
    state: StatusWord
    judged: Judged | None = None
    value: float | None = None
    unknown: int = 0
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class OrganisationExplanation:
    """An item's figures for an organisation, in words, and the parts that make them up.

    `results` has a row for each period; `arithmetic_zh` and `arithmetic_en` a line for each.
    `parts` belong to the last period, and so do `ways`: the smallest changes that would turn it.
    """

    plan: str
    item: str
    clause: str
    title_zh: str
    title_en: str
    organisation_id: str
    organisation_name: str
    on: date
    results: tuple[Result, ...]
    arithmetic_zh: tuple[str, ...]
    arithmetic_en: tuple[str, ...]
    parts: tuple[Part, ...]
    ways: tuple[Way, ...]
    due: date | None

    @property
    def turned_zh(self) -> str:
        """What would turn the figure, and by when; empty where it is met or no change could."""
        return ways_zh(self.ways, self.due, self.on)

    @property
    def turned_en(self) -> str:
        """The same in English."""
        return ways_en(self.ways, self.due, self.on)


def explain_organisation(
    plan: Plan,
    snapshot: Snapshot,
    organisation_id: str,
    item: str,
    *,
    vocabulary: Vocabulary,
    on: date | None = None,
) -> OrganisationExplanation:
    """One item (`standard:class-hours-five-years`) for an organisation and all below it.

    Raises UnknownPlan when the plan measures no such item, UnknownSubject when the snapshot has
    no such organisation.
    """
    told = plan.items.get(item)
    if not isinstance(told, MEASURED):
        raise UnknownPlan(f"方案 {plan.id} 没有可测算的条目 {item}")
    alone = plan.only({item: told})
    compiled = compile_plans([alone], vocabulary=vocabulary, on=on or snapshot.on)
    subtree = subtree_of(snapshot, organisation_id)
    also = {test.subject: _name_of(test.subject, vocabulary) for test in compiled.tests}
    only = ("organisation", subtree)
    with Session(compiled, snapshot, vocabulary, only=only, also=also) as session:
        results = _results(session, snapshot)
        here = results.for_(organisation_id=organisation_id)
        parts = tuple(_parts(session, results, organisation_id)) if here else ()
        zh, en = wordings(compiled, vocabulary)
        cited = f"{clause_name(plan)} {told.clause}"
        return OrganisationExplanation(
            plan=plan.id,
            item=item,
            clause=told.clause,
            title_zh=told.title.zh,
            title_en=told.title.en,
            organisation_id=organisation_id,
            organisation_name=_name(session, organisation_id),
            on=compiled.on,
            results=tuple(here),
            arithmetic_zh=tuple(f"{arithmetic(row, zh)}（{cited}）" for row in here),
            arithmetic_en=tuple(f"{arithmetic(row, en)} ({cited})" for row in here),
            parts=parts,
            ways=figure_ways(here[-1], told, vocabulary) if here else (),
            due=due_of(plan, item, compiled.on),
        )


def subtree_of(snapshot: Snapshot, organisation_id: str) -> list[str]:
    """An organisation and all below it. Raises UnknownSubject when there is no such one."""
    table = snapshot.table("organisation")
    below: dict[str | None, list[str]] = {}
    ids = table.column("organisation_id").to_pylist()
    for name, parent in zip(ids, table.column("parent_id").to_pylist(), strict=True):
        below.setdefault(parent, []).append(str(name))
    if organisation_id not in ids:
        raise UnknownSubject(f"快照中没有编号为 {organisation_id} 的机构")
    found = [organisation_id]
    for name in found:
        found += below.get(name, [])
    return found


def _name_of(subject: str, vocabulary: Vocabulary) -> set[tuple[str, str]]:
    return {(subject, "name")} if "name" in vocabulary.relations[subject].by_id else set()


def _name(session: Session, organisation_id: str) -> str:
    return session.organisations.names[session.organisations.ids.index(organisation_id)]


def _results(session: Session, snapshot: Snapshot) -> Results:
    plan = session.layout.plan
    tests: dict[str, TestCounts | None] = {}
    for subject in dict.fromkeys(test.subject for test in plan.tests):
        tests |= session.tests(subject)
    counts = Counts(session.organisations, tests, session.sums())
    return results_of(plan, counts, snapshot=snapshot, vocabulary=session.layout.vocabulary)


def _parts(session: Session, results: Results, organisation_id: str) -> Iterator[Part]:
    plan = session.layout.plan
    figure = plan.items[-1].figure
    if figure.test is not None:
        test = {test.id: test for test in plan.tests}[figure.test]
        for subject in judged(session, test, "concerned"):
            yield _judged_part(test.subject, subject)
        return
    below = _children(session, organisation_id)
    if below:
        yield from _organisation_parts(session, results, below)
    elif figure.numerator is not None and figure.denominator is None:
        yield from _owner_parts(session, figure.numerator)


def _judged_part(relation: str, subject: Judged) -> Part:
    return Part(
        relation=relation,
        key=subject.key,
        name=subject.name,
        organisation_id=subject.organisation_id,
        organisation_name=subject.organisation_name,
        state=subject.state,
        judged=subject,
    )


def _children(session: Session, organisation_id: str) -> list[str]:
    below = session.rows(
        "SELECT w.key FROM own_organisation AS w JOIN organisation AS o"
        f" ON o.organisation_id = w.key WHERE o.parent_id = {session.text(organisation_id)}"
        " ORDER BY w.place"
    )
    return [str(name) for name in below.column("key").to_pylist()]


def _organisation_parts(session: Session, results: Results, below: Sequence[str]) -> Iterator[Part]:
    for name in below:
        row = results.for_(organisation_id=name)[-1]
        yield Part(
            relation="organisation",
            key=name,
            name=_name(session, name),
            organisation_id=name,
            organisation_name=_name(session, name),
            state=row.status,
            value=row.value,
            unknown=row.unknown,
            result=row,
        )


def _owner_parts(session: Session, numerator: str) -> Iterator[Part]:
    """Of an organisation with none below it: the persons (or others) whose rows are counted."""
    plan, vocabulary = session.layout.plan, session.layout.vocabulary
    summed = {each.id: each for each in plan.sums}[numerator]
    measure = plan.measure(summed.measure)
    if measure.owner == "organisation":
        return
    relation = vocabulary.relations[measure.owner]
    name = "o.name" if "name" in relation.by_id else "s.key"
    known = f"s.{part(measure.id, 'known')}"
    kept = session.layout.parts_kept(measure, measure.owner)
    gap = f"s.{part(measure.id, 'gap')}" if "gap" in kept else "0"
    found = session.rows(
        f"SELECT s.key, s.place, {name} AS name, {known} AS known, {gap} AS gap"
        f' FROM "measured_{measure.owner}" AS s'
        f' JOIN "{measure.owner}" AS o ON o.{relation.key} = s.key'
        f" WHERE {known} <> 0 OR {gap} <> 0 ORDER BY s.place, {known} DESC, s.key"
    )
    for row in found.to_pylist():
        yield Part(
            relation=measure.owner,
            key=row["key"],
            name=row["name"],
            organisation_id=session.organisations.ids[row["place"]],
            organisation_name=session.organisations.names[row["place"]],
            state="unknown" if row["gap"] else "informational",
            value=float(row["known"]),
            unknown=int(row["gap"]),
        )
