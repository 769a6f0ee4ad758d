"""The application says itself what it offers of the catalogue."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

from qiangshi.policy.loading import load_catalogue
from qiangshi_web.kernel.registry import registers
from qiangshi_web.offers import offered
from tests.architecture.sources import ROOT

PLAIN = """
from qiangshi_web.offers import offered
print(len(offered()))
"""


def test_every_ledger_is_offered_as_a_register() -> None:
    expected = {f"register:{relation.replace('_', '-')}" for relation in registers()}
    assert expected <= offered()


def test_nothing_is_offered_that_the_catalogue_does_not_know() -> None:
    # What a school confirms of a ledger is no register that a provision could be carried by.
    assert offered() - set(load_catalogue().references()) == {"register:ledger-confirmation"}


def test_the_offers_are_found_by_their_entry_point() -> None:
    (point,) = entry_points(group="qiangshi.offers", name="application")
    assert point.load() is offered


def test_the_offers_can_be_asked_for_before_django_is_set_up() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", PLAIN],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert int(asked.stdout) == len(offered())
