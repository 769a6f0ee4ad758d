"""The checked-in reference is what the policy folder says today."""

from __future__ import annotations

from pathlib import Path

from qiangshi.policy import load_catalogue, load_plans, load_vocabulary
from qiangshi.policy.reference import reference_pages

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def test_the_reference_is_up_to_date() -> None:
    pages = reference_pages(load_plans(), load_vocabulary(), load_catalogue())
    stale = [
        path
        for path, text in pages.items()
        if not (REFERENCE / path).exists() or (REFERENCE / path).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: qiangshi plan reference --out docs/reference"


def test_no_page_is_left_of_a_plan_that_is_gone() -> None:
    pages = reference_pages(load_plans(), load_vocabulary(), load_catalogue())
    kept = {f"plans/{page.name}" for page in (REFERENCE / "plans").glob("*.md")}
    assert kept <= set(pages)
