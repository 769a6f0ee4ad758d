"""SQL that judges single subjects: whether a test concerns them, its verdict, and each comparison.

The same tables and spellings as for counting, so that a list never contradicts its figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from qiangshi.measure.backends.duckdb_expressions import quoted
from qiangshi.measure.backends.duckdb_subjects import Layout, translation
from qiangshi.measure.canonical import parsed
from qiangshi.measure.comparisons import leaves

if TYPE_CHECKING:
    from qiangshi.measure.backends.duckdb_expressions import Translation
    from qiangshi.measure.comparisons import Leaf
    from qiangshi.measure.evaluation_plan import Test

Keep = Literal["concerned", "lacking", "everyone"]
_KEPT: dict[Keep, str] = {
    "everyone": "TRUE",
    "concerned": "applies IS NOT FALSE",
    "lacking": "applies IS NOT FALSE AND verdict IS NOT TRUE",
}


def judged_query(test: Test, layout: Layout, keep: Keep) -> str:
    """A SELECT of subjects in tree order: key, place, name, applies, verdict, and of each leaf of
    the requirement (without one: of the population) its verdict `v0`, bounds `a0` and `z0`, and
    what is needed `n0`.
    """
    spelled = translation(layout, test.subject, "s")
    relation = layout.vocabulary.relations[test.subject]
    name = f"s.{quoted(f'{relation.id}.name')}" if "name" in relation.by_id else "s.key"
    population = spelled.condition(layout.plan.condition(test.population).text)
    selected = ["s.key", "s.place", f"{name} AS name", f"{population} AS applies"]
    tree = parsed(layout.plan.condition(test.requires or test.population).text)
    selected.append(f"{spelled.truth(tree)} AS verdict")
    for number, leaf in enumerate(leaves(tree)):
        selected += _leaf_columns(leaf, number, spelled)
    inner = f"SELECT {', '.join(selected)} FROM {quoted(f'measured_{test.subject}')} AS s"
    return f"SELECT * FROM ({inner}) AS j WHERE {_KEPT[keep]} ORDER BY place, key"


def _leaf_columns(leaf: Leaf, number: int, spelled: Translation) -> list[str]:
    truth = spelled.truth(leaf.condition)
    verdict = f"(NOT {truth})" if leaf.denied else truth
    needed = "NULL"
    if leaf.right and all(spelled.is_number(side) for side in (leaf.left, *leaf.right)):
        found = spelled.number(leaf.left)
        low, high = found.low, found.high
        if len(leaf.right) == 1:
            wanted = spelled.number(leaf.right[0])
            needed = wanted.low if leaf.op in {"<", "<="} else wanted.high
    else:
        low = high = spelled.plain(leaf.left) if leaf.right else truth
        if len(leaf.right) == 1:
            needed = spelled.plain(leaf.right[0])
    columns = {"v": verdict, "a": low, "z": high, "n": needed}
    return [f"{sql} AS {letter}{number}" for letter, sql in columns.items()]
