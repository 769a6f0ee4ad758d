"""The plans and the vocabulary that this process works with, read once."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from qiangshi.measure.wording import clause_name
from qiangshi.policy import load_plan, load_vocabulary
from qiangshi.policy.files import plan_folders, policy_root
from qiangshi_web.kernel.language import language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi.policy.models import Plan
    from qiangshi.policy.vocabulary import Vocabulary


@cache
def vocabulary() -> Vocabulary:
    """Relations, columns, code lists, units and measures."""
    return load_vocabulary()


@cache
def plan(plan_id: str) -> Plan:
    """One plan. Raises UnknownPlan, or PolicyError."""
    return load_plan(plan_id, vocabulary=vocabulary())


def short_name(plan: Plan) -> str:
    """What a plan is called where there is little room: 济源."""
    return plan.head.region.en if language() == "en" else clause_name(plan)


def plans_sha256(plan_ids: Sequence[str]) -> str:
    """Hash of the files of these plans and of the vocabulary: a change means to measure anew."""
    root = policy_root()
    folders = plan_folders(root)
    digest = hashlib.sha256()
    for folder in (root / "vocabulary", *(folders[plan_id] for plan_id in plan_ids)):
        for file in sorted(folder.rglob("*.yaml")):
            digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def code_label(codes: str, code: str | None) -> str:
    """Chinese label of a code of a list; empty where there is none."""
    return "" if code is None else vocabulary().codes[codes].labels.get(code, code)
