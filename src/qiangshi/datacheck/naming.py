"""Which sheet holds which relation: by its name, part of its name, or its header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qiangshi.datacheck.cells import squeezed
from qiangshi.datacheck.headers import HeaderNames, find_header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qiangshi.datacheck.sheets import Sheet
    from qiangshi.policy.vocabulary import Relation, Vocabulary

GUIDE = "填写说明"
LISTS = "代码"
_LONGEST_NAME = 31
_ALLOWED = str.maketrans("[]:*?/\\'", "【】：＊？／／’")
_OURS = frozenset({GUIDE, LISTS})
_FILE_ENDING = re.compile(r"\.(?:csv|tsv|txt)$")


def is_ours(sheet: Sheet) -> bool:
    """Whether the sheet belongs to the template itself and holds no records."""
    return sheet.name in _OURS


def named(sheet: Sheet, relations: Iterable[Relation]) -> Relation | None:
    """The relation whose label or id is the name of the sheet or file."""
    flat = _flat_name(sheet)
    return next((r for r in relations if flat in {r.id, squeezed(r.label.zh)}), None)


def named_after(sheet: Sheet, relations: Iterable[Relation]) -> Relation | None:
    """The relation whose label or id is part of the sheet's name: 附件2：教职工名册."""
    flat = _flat_name(sheet)
    found = [
        relation
        for relation in relations
        if squeezed(relation.label.zh) in flat
        or re.search(rf"(?<![a-z_]){relation.id}(?![a-z_])", flat)
    ]
    return max(found, key=lambda relation: len(relation.label.zh), default=None)


def _flat_name(sheet: Sheet) -> str:
    return squeezed(_FILE_ENDING.sub("", sheet.name.lower()))


def by_header(
    sheet: Sheet, relations: Iterable[Relation], vocabulary: Vocabulary
) -> Relation | None:
    """The one of `relations` whose required columns the sheet has, and most columns beside."""
    scores: dict[str, int] = {}
    for relation in relations:
        header = find_header(sheet, HeaderNames(relation, vocabulary))
        if header is not None and not header.missing(relation):
            scores[relation.id] = len(header.columns)
    best = [name for name, score in scores.items() if score == max(scores.values())]
    return vocabulary.relations[best[0]] if len(best) == 1 else None


def sheet_name(relation: Relation) -> str:
    """The name of the relation's sheet: its Chinese label, as far as a workbook allows it."""
    return relation.label.zh.translate(_ALLOWED)[:_LONGEST_NAME]
