"""A long plan may be kept in parts: subfolders that each hold lists of their own."""

from __future__ import annotations

import shutil
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from qiangshi.errors import PolicyError
from qiangshi.policy import load_plan
from qiangshi.policy.files import policy_root

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
    id: parted
    title: {zh: 分部方案, en: A plan in parts}
    issuer: {zh: 某市教育局, en: Some city's bureau}
    validity: {since: 2022-01-01}
    level: city
    region: {zh: 某市, en: Some city}
"""


def task(name: str, *, clause: str) -> str:
    return f"""
    - id: {name}
      clause: {clause}
      title: {{zh: 某事, en: Something}}
      summary: {{zh: 做某事, en: Something is done}}
      owners: [某局]
      evidence: {{zh: 记录, en: A record}}
    """


def provision(name: str, *, clause: str, carrier: str) -> str:
    return f"""
    - id: {name}
      clause: {clause}
      shape: task
      subject: city
      summary: {{zh: 做某事, en: Something is done}}
      carried_by: ["{carrier}"]
    """


def clause(path: str) -> str:
    return f"- {{path: {path}, label: {{zh: 某条, en: Some clause}}}}\n"


@pytest.fixture
def plan_folder(tmp_path: Path) -> Path:
    """A plan `parted` whose clauses, provisions and tasks stand in `main/` and `annex/`."""
    shutil.copytree(policy_root() / "vocabulary", tmp_path / "vocabulary")
    shutil.copy(policy_root() / "catalogue.yaml", tmp_path)
    folder = tmp_path / "regions" / "parted"
    write(folder / "plan.yaml", HEAD)
    for part, path in (("main", "一"), ("annex", "附1")):
        write(folder / part / "clauses.yaml", clause(path))
        write(
            folder / part / "provisions.yaml",
            provision(f"of-{part}", clause=path, carrier=f"task:of-{part}"),
        )
        write(folder / part / "tasks.yaml", task(f"of-{part}", clause=path))
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")


def root_of(folder: Path) -> Path:
    return folder.parents[1]


def test_a_plan_is_read_from_its_main_text_and_then_its_annexes(plan_folder: Path) -> None:
    plan = load_plan("parted", root=root_of(plan_folder))

    assert list(plan.clauses) == ["一", "附1"]
    assert list(plan.provisions) == ["of-main", "of-annex"]
    assert list(plan.items) == ["task:of-main", "task:of-annex"]


def test_what_stands_beside_the_head_comes_before_the_parts(plan_folder: Path) -> None:
    write(plan_folder / "clauses.yaml", clause("前言"))

    plan = load_plan("parted", root=root_of(plan_folder))

    assert list(plan.clauses) == ["前言", "一", "附1"]


def test_an_item_of_one_part_may_carry_a_provision_of_another(plan_folder: Path) -> None:
    write(
        plan_folder / "main" / "provisions.yaml",
        provision("of-main", clause="附1", carrier="task:of-annex"),
    )

    plan = load_plan("parted", root=root_of(plan_folder))

    assert plan.provisions["of-main"].carried_by == ("task:of-annex",)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("clauses.yaml", clause("附1"), "clause"),
        ("provisions.yaml", provision("of-annex", clause="附1", carrier="task:of-annex"), "provi"),
        ("tasks.yaml", task("of-annex", clause="附1"), "task"),
    ],
)
def test_an_id_used_in_two_parts_is_a_fault_that_names_both_places(
    plan_folder: Path, name: str, text: str, kind: str
) -> None:
    write(plan_folder / "main" / name, text)

    with pytest.raises(PolicyError) as caught:
        load_plan("parted", root=root_of(plan_folder))

    [fault] = [fault for fault in caught.value.faults if "again" in fault.got]
    assert fault.file == f"policy/regions/parted/annex/{name}"
    assert fault.expected.startswith(f"a new {kind}")
    assert f"policy/regions/parted/main/{name}:" in fault.got


def test_examples_are_no_part_of_the_plan(plan_folder: Path) -> None:
    write(plan_folder / "examples" / "tasks.yaml", task("of-an-example", clause="一"))

    plan = load_plan("parted", root=root_of(plan_folder))

    assert "task:of-an-example" not in plan.items


def test_a_plan_without_any_clauses_says_which_file_it_looked_for(plan_folder: Path) -> None:
    for part in ("main", "annex"):
        (plan_folder / part / "clauses.yaml").unlink()

    with pytest.raises(PolicyError) as caught:
        load_plan("parted", root=root_of(plan_folder))

    assert ("policy/regions/parted/clauses.yaml", "a file") in [
        (fault.file, fault.expected) for fault in caught.value.faults
    ]
