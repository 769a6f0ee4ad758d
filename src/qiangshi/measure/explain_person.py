"""Why a person meets a standard or not: what she has, what she needs, and which rows count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qiangshi.errors import UnknownSubject
from qiangshi.measure.backends.duckdb_persons import SUBJECT, OpenSnapshot
from qiangshi.measure.backends.duckdb_subjects import Layout
from qiangshi.measure.canonical import measures_in
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.fact_rows import FactRow, fact_rows
from qiangshi.measure.judged import judged
from qiangshi.measure.ways import ways_en, ways_zh
from qiangshi.measure.wording import clause_name
from qiangshi.policy.models import Standard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qiangshi.measure.backends.duckdb import MeasuredTables
    from qiangshi.measure.comparisons import Comparison
    from qiangshi.measure.evaluation_plan import EvaluationPlan, MeasuredItem, Test
    from qiangshi.measure.judged import Judged
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.measure.ways import Way
    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class StandardExplanation:
    """One standard for one person. `verdict` and `applies` are None where nobody can say yet.

    `rows` are those of every measure that the requirement counts, newest first; `due` is a day,
    `recurring`, or None. `ways` are the smallest changes that would turn the verdict, best first.
    The sentences are made from the item: no rule has a text of its own.
    """

    reference: str
    clause: str
    title_zh: str
    title_en: str
    applies: bool | None
    verdict: bool | None
    comparisons: tuple[Comparison, ...]
    due: date | str | None
    period: str
    rows: tuple[FactRow, ...]
    sentence_zh: str
    sentence_en: str
    ways: tuple[Way, ...]
    on: date

    @property
    def turned_zh(self) -> str:
        """What would turn it, and by when; empty where it is met or no change could."""
        return ways_zh(self.ways, self.due, self.on)

    @property
    def turned_en(self) -> str:
        """The same in English."""
        return ways_en(self.ways, self.due, self.on)


@dataclass(frozen=True, slots=True)
class PersonExplanation:
    """Every standard of a plan that concerns a person, or may, on the day `on`."""

    plan: str
    person_id: str
    name: str
    organisation_id: str
    organisation_name: str
    on: date
    standards: tuple[StandardExplanation, ...]


def explain_person(
    plan: Plan,
    snapshot: Snapshot,
    person_id: str,
    *,
    vocabulary: Vocabulary,
    on: date | None = None,
) -> PersonExplanation:
    """The standards that concern a person, each with its arithmetic and rows.

    Raises UnknownSubject when the snapshot has no such person.
    """
    return PersonStandards(plan, OpenSnapshot(snapshot, vocabulary), on=on).explained(person_id)


class PersonStandards:
    """A plan's standards for persons, got ready once to explain one person after another."""

    def __init__(self, plan: Plan, opened: OpenSnapshot, *, on: date | None = None) -> None:
        vocabulary, snapshot = opened.vocabulary, opened.snapshot
        self._plan = plan
        self._opened = opened
        self._compiled = person_standards(plan, vocabulary, on or snapshot.on)
        self._layout = Layout(
            self._compiled,
            vocabulary,
            frozenset(snapshot.relations),
            {SUBJECT: {(SUBJECT, "name")}},
        )

    def explained(self, person_id: str) -> PersonExplanation:
        """As `explain_person`. Raises UnknownSubject when the snapshot has no such person."""
        with self._opened.person(self._layout, person_id) as tables:
            name, organisation = _who(tables, person_id)
            place = tables.organisations.ids.index(organisation)
            return PersonExplanation(
                plan=self._plan.id,
                person_id=person_id,
                name=name,
                organisation_id=organisation,
                organisation_name=tables.organisations.names[place],
                on=self._compiled.on,
                standards=tuple(_explained(self._plan, self._compiled, tables)),
            )


def person_standards(plan: Plan, vocabulary: Vocabulary, on: date) -> EvaluationPlan:
    """The evaluation plan of the standards that bind persons, and of nothing else."""
    items = {
        reference: item
        for reference, item in plan.items.items()
        if isinstance(item, Standard) and item.subject == SUBJECT
    }
    return compile_plans([plan.only(items)], vocabulary=vocabulary, on=on)


def _who(session: MeasuredTables, person_id: str) -> tuple[str, str]:
    if SUBJECT in session.layout.present:
        found = session.rows("SELECT name, organisation_id FROM person").to_pylist()
        if found:
            return found[0]["name"], found[0]["organisation_id"]
    raise UnknownSubject(f"快照中没有编号为 {person_id} 的教职工")


def _explained(
    plan: Plan, compiled: EvaluationPlan, session: MeasuredTables
) -> Iterator[StandardExplanation]:
    for item, test in tested_items(compiled):
        for subject in judged(session, test, "concerned"):
            rows = [
                row
                for name in sorted(_counted(compiled, test), key=lambda name: int(name[1:]))
                if compiled.measure(name).owner == SUBJECT
                for row in fact_rows(session, compiled.measure(name), subject.key)
            ]
            yield _explanation(plan, item, subject, tuple(rows), on=compiled.on)


def tested_items(compiled: EvaluationPlan) -> Iterator[tuple[MeasuredItem, Test]]:
    """Each item with its test."""
    tests = {test.id: test for test in compiled.tests}
    for item in compiled.items:
        if item.figure.test is not None:
            yield item, tests[item.figure.test]


def _counted(compiled: EvaluationPlan, test: Test) -> set[str]:
    texts = [compiled.condition(test.population).text]
    if test.requires is not None:
        texts.append(compiled.condition(test.requires).text)
    return {name for text in texts for name in measures_in(text)}


def _explanation(
    plan: Plan, item: MeasuredItem, subject: Judged, rows: tuple[FactRow, ...], *, on: date
) -> StandardExplanation:
    cited = f"{clause_name(plan)} {item.clause}"
    return StandardExplanation(
        reference=item.item,
        clause=item.clause,
        title_zh=item.title_zh,
        title_en=item.title_en,
        applies=subject.applies,
        verdict=subject.verdict,
        comparisons=subject.comparisons,
        due=getattr(plan.items[item.item], "due", None),
        period=item.period,
        rows=rows,
        sentence_zh=_concern_zh(subject) + subject.sentence(cited),
        sentence_en=_concern_en(subject) + subject.sentence_en(cited),
        ways=subject.ways,
        on=on,
    )


def _concern_zh(subject: Judged) -> str:
    return "是否适用尚不能判定；" if subject.applies is None else ""


def _concern_en(subject: Judged) -> str:
    return "It cannot be told yet if this applies; " if subject.applies is None else ""
