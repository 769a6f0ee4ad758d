"""Gates and standards for single subjects: does she meet it, by how much not, and what cures it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qiangshi.measure.backends.duckdb import Session
from qiangshi.measure.compiling import compile_plans
from qiangshi.measure.explain_person import tested_items
from qiangshi.measure.judged import judged
from qiangshi.measure.snapshot import write_snapshot
from qiangshi.measure.tables import schema_of
from qiangshi.measure.wording import clause_name, number_text
from qiangshi.policy.models import Gate, Standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from qiangshi.measure.comparisons import Comparison
    from qiangshi.measure.judged import Judged
    from qiangshi.measure.snapshot import Snapshot
    from qiangshi.policy.models import Item, Plan
    from qiangshi.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Checked:
    """How one subject came out of one item. `verdict` None: a missing fact decides."""

    reference: str
    key: str
    title_zh: str
    verdict: bool | None
    sentence_zh: str
    clause: str
    cure_zh: str


def check_items(
    plan: Plan,
    references: Iterable[str],
    snapshot: Snapshot,
    *,
    keys: Sequence[str],
    vocabulary: Vocabulary,
    on: date,
) -> list[Checked]:
    """Each subject of `keys` against each gate or standard that concerns it.

    Gates without a condition, and items that await confirmation, say nothing and are left out.
    """
    items = {name: _as_standard(plan.items[name]) for name in references}
    known = {name: item for name, item in items.items() if item is not None}
    if not known or not keys:
        return []
    held = plan.only(known)
    compiled = compile_plans([held], vocabulary=vocabulary, on=on)
    subjects = {item.subject for item in known.values()}
    also = {"person": {("person", "name")}} if "person" in subjects else {}
    found: list[Checked] = []
    with Session(compiled, snapshot, vocabulary, also=also) as session:
        for item, test in tested_items(compiled):
            found += [
                _checked(plan, item.item, item.title_zh, subject)
                for subject in judged(session, test, "concerned")
                if subject.key in keys
            ]
    return found


def check_rows(
    plan: Plan,
    references: Iterable[str],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    keys: Sequence[str],
    vocabulary: Vocabulary,
    on: date,
) -> list[Checked]:
    """The same over rows by relation, such as a few persons' records with a row to be recorded.

    A relation that is absent is a ledger that nobody handed in.
    """
    tables = {name: _table(name, found, vocabulary) for name, found in rows.items()}
    with tempfile.TemporaryDirectory(prefix="qiangshi-rows-") as folder:
        snapshot = write_snapshot(tables, Path(folder) / "s", on=on, vocabulary=vocabulary)
        return check_items(plan, references, snapshot, keys=keys, vocabulary=vocabulary, on=on)


def _table(name: str, rows: Sequence[Mapping[str, Any]], vocabulary: Vocabulary) -> pa.Table:
    wanted = [field.with_nullable(True) for field in schema_of(vocabulary.relations[name])]
    columns = [
        pa.array([_plain(row.get(field.name)) for row in rows], type=field.type) for field in wanted
    ]
    return pa.table(columns, schema=pa.schema(wanted))


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _as_standard(item: Item) -> Standard | None:
    """A gate asks of its subject what a standard asks of everybody."""
    if isinstance(item, Standard):
        return item
    if not isinstance(item, Gate) or item.requires is None:
        return None
    return Standard(
        id=item.id,
        clause=item.clause,
        title=item.title,
        summary=item.summary,
        values=item.values,
        confirm=item.confirm,
        subject=item.subject,
        measures=item.measures,
        requires=item.requires,
    )


def _checked(plan: Plan, reference: str, title: str, subject: Judged) -> Checked:
    cited = f"{clause_name(plan)} {plan.items[reference].clause}"
    words = subject.sentence(cited).removesuffix(f"（{cited}）")
    verdict = None if subject.applies is None else subject.verdict
    return Checked(
        reference=reference,
        key=subject.key,
        title_zh=title,
        verdict=verdict,
        sentence_zh=words,
        clause=cited,
        cure_zh="；".join(dict.fromkeys(filter(None, map(_cure, subject.comparisons)))),
    )


def _cure(found: Comparison) -> str:
    """What makes a comparison hold: more of it, its end, or a record that tells it."""
    if found.verdict is True:
        return ""
    if found.verdict is None:
        return f"补录“{found.label_zh}”的记录，或申请信息更正"
    if found.op in {">=", ">"} and found.shortfall:
        return f"再取得{found.label_zh}{number_text(found.shortfall)}{found.unit_zh}"
    if found.op in {"<=", "<"} and isinstance(found.needs, float):
        return f"“{found.label_zh}”减至{number_text(found.needs)}{found.unit_zh}以内"
    return f"“{found.label_zh}”的情形消除后再办；记录有误的，申请信息更正"
