"""`docs/how-to/add-a-plan.md`, followed to the letter in a copy of the policy folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from qiangshi.cli import command
from qiangshi.policy import load_plan
from qiangshi.policy.files import policy_root

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-plan.md"
TEXT = HOW_TO.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {7}qiangshi (.+)$", TEXT, flags=re.MULTILINE)
BLOCKS = [
    re.sub(r"^ {3}", "", block, flags=re.MULTILINE)
    for block in re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
]


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy") / "policy"
    shutil.copytree(policy_root(), root)
    return root


def _type(line: str, policy: Path) -> str:
    result = CliRunner().invoke(command, [*line.split(), "--policy", str(policy)])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_how_to_leads_to_a_plan_that_checks_and_counts(policy: Path) -> None:
    start, check = COMMANDS[0], COMMANDS[1]
    _type(start, policy)
    assert "1 项要求" in _type(check, policy)
    folder = policy / "regions" / "xinxian-2026"
    standards, provisions = BLOCKS
    (folder / "standards.yaml").write_text(standards, encoding="utf-8")
    with (folder / "provisions.yaml").open("a", encoding="utf-8") as file:
        file.write(provisions)

    assert "2 项要求" in _type(check, policy)

    plan = load_plan("xinxian-2026", root=policy)
    assert plan.items["standard:yearly-hours"].values["required"].value == 72
    coverage = next(line for line in COMMANDS if line.startswith("plan coverage"))
    assert "xinxian-2026" in _type(coverage, policy)


def test_every_yaml_block_of_the_how_to_is_yaml() -> None:
    assert all(isinstance(yaml.safe_load(block), list) for block in BLOCKS)


def test_a_name_that_is_taken_or_unfit_is_one_clear_line(policy: Path) -> None:
    for name in ("jiyuan-2021", "New Plan"):
        result = CliRunner().invoke(command, ["plan", "new", name, "--policy", str(policy)])
        assert result.exit_code != 0
