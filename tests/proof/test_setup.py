"""`bin/setup`: one line when it cannot, no work when there is none, healed when interrupted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof.commands import ROOT

# Writes down how it was called and makes what the real one would: an environment with a Python.
FAKE_UV = """#!/bin/sh
if [ "$1" = --version ]; then echo "uv ${FAKE_VERSION:-0.13.9}"; exit; fi
echo "$@" >>"$CALLS"
if [ -n "${FAKE_TROUBLE:-}" ]; then echo "$FAKE_TROUBLE" >&2; exit 2; fi
if [ "$1" = venv ]; then
  for place in "$@"; do :; done
  mkdir -p "$place/bin" && ln -s "$REAL_PYTHON" "$place/bin/python"
fi
"""

# The real one, but for its pip: what a machine's own pip was told is not the tests' business.
PYTHON_WITHOUT_PIP = """#!/bin/sh
if [ "$1" = -m ]; then exit 1; fi
exec "$REAL_PYTHON" "$@"
"""

# What the script and the pretended uv use of a machine.
COMMANDS = (
    *("awk", "basename", "cat", "cksum", "df", "dirname", "env", "grep", "ln", "mkdir"),
    *("rm", "sed", "sh", "touch"),
)


class Checkout:
    """A checkout with a uv that only pretends, on a machine with nothing but basic commands."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout 强师"
        self.tools = folder / "tools"
        (self.root / "bin").mkdir(parents=True)
        shutil.copy(ROOT / "bin" / "setup", self.root / "bin" / "setup")
        for name in ("uv.lock", "pyproject.toml"):
            (self.root / name).write_text(name, encoding="utf-8")
        self.tools.mkdir()
        for name in COMMANDS:
            self.has(name, shutil.which(name))
        self.has_script("python3", PYTHON_WITHOUT_PIP)
        self.has_script("uv", FAKE_UV)
        self.environment = {
            "PATH": str(self.tools),
            "HOME": str(folder),
            "CALLS": str(folder / "calls"),
            "REAL_PYTHON": sys.executable,
        }

    def has(self, name: str, program: str | None) -> None:
        """The machine has this program."""
        assert program is not None
        (self.tools / name).symlink_to(program)

    def has_script(self, name: str, text: str) -> None:
        """The machine has a program of this text."""
        (self.tools / name).write_text(text, encoding="utf-8")
        (self.tools / name).chmod(0o755)

    def lacks(self, name: str) -> None:
        """The machine does not have this program."""
        (self.tools / name).unlink()

    def setup(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run it from another folder."""
        return subprocess.run(
            [self.root / "bin" / "setup", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**self.environment, **more},
            cwd="/",
            check=False,
        )

    def calls(self) -> list[str]:
        """What uv was asked for, without the making of the empty environment."""
        file = Path(self.environment["CALLS"])
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [line for line in lines if not line.startswith("venv")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def one_line(run: subprocess.CompletedProcess[str]) -> str:
    """The last line of a failed run; before it stands at most what it was doing."""
    assert run.returncode == 1
    lines = run.stderr.splitlines()
    assert len(lines) <= 2, run.stderr
    return lines[-1]


def test_a_second_start_asks_for_nothing(checkout: Checkout) -> None:
    assert checkout.setup().returncode == 0
    again = checkout.setup()
    assert (again.returncode, again.stderr, len(checkout.calls())) == (0, "", 1)


def test_the_demo_needs_no_tools_of_the_tests(checkout: Checkout) -> None:
    checkout.setup("demo")
    assert checkout.calls()[0].endswith("--extra web --no-dev")


def test_the_demo_after_the_tests_removes_nothing(checkout: Checkout) -> None:
    checkout.setup("test")
    checkout.setup("demo")
    assert len(checkout.calls()) == 1


def test_the_tests_after_the_demo_add_their_tools(checkout: Checkout) -> None:
    checkout.setup("demo")
    checkout.setup("test")
    assert checkout.calls()[-1].endswith("--extra web --extra spark --group bench")


def test_new_locked_packages_are_installed_for_the_tests_too(checkout: Checkout) -> None:
    checkout.setup("test")
    (checkout.root / "uv.lock").write_text("newer", encoding="utf-8")
    checkout.setup("demo")
    assert checkout.calls()[-1].endswith("--extra web --extra spark --group bench")


def test_an_interrupted_run_is_begun_anew(checkout: Checkout) -> None:
    checkout.setup()
    half_made = checkout.root / ".venv" / "half-made"
    half_made.touch()
    (checkout.root / ".uv" / "making-.venv").touch()
    (checkout.root / ".venv" / ".made-by-setup").unlink()
    assert checkout.setup().returncode == 0
    assert not half_made.exists()


def test_a_python_that_went_away_is_replaced(checkout: Checkout) -> None:
    checkout.setup()
    python = checkout.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert checkout.setup().returncode == 0
    assert python.exists()


def test_a_moved_checkout_is_set_up_again(checkout: Checkout) -> None:
    checkout.setup()
    checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))
    checkout.setup()
    assert len(checkout.calls()) == 2


def test_two_at_once_do_the_work_once(checkout: Checkout) -> None:
    both = [
        subprocess.Popen([checkout.root / "bin" / "setup"], env=checkout.environment, cwd="/")
        for _ in range(2)
    ]
    assert [each.wait(60) for each in both] == [0, 0]
    assert len(checkout.calls()) == 1


def test_a_sites_mirror_is_asked_instead_of_the_locks_own_addresses(checkout: Checkout) -> None:
    checkout.setup(UV_DEFAULT_INDEX="http://mirror.invalid/simple")
    assert [call.split(" --")[0] for call in checkout.calls()] == [
        "export",
        "pip sync",
        "pip install",
    ]


def test_no_python_is_one_line(checkout: Checkout) -> None:
    checkout.lacks("uv")
    checkout.lacks("python3")
    assert "apt install python3" in one_line(checkout.setup())


def test_a_python_without_venv_is_one_line(checkout: Checkout) -> None:
    checkout.lacks("uv")
    checkout.lacks("python3")
    checkout.has_script(
        "python3",
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "$REAL_PYTHON" "$@"\n',
    )
    assert "apt install python3-venv" in one_line(checkout.setup())


def test_a_uv_too_old_is_not_used(checkout: Checkout) -> None:
    checkout.lacks("python3")
    assert "Python 3.11" in one_line(checkout.setup(FAKE_VERSION="0.4.30"))


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("failed to write: No space left on device (os error 28)", "磁盘空间不足"),
        ("error: Failed to fetch: `http://x.invalid/`", "UV_DEFAULT_INDEX"),
        ("error: Permission denied (os error 13)", "不可写"),
        ("error: something nobody has seen", "setup.log"),
    ],
)
def test_what_uv_stumbles_over_is_one_line(checkout: Checkout, trouble: str, said: str) -> None:
    assert said in one_line(checkout.setup(FAKE_TROUBLE=trouble))


def test_a_failed_run_heals_at_the_next(checkout: Checkout) -> None:
    checkout.setup(FAKE_TROUBLE="error: Failed to fetch")
    assert checkout.setup().returncode == 0


def test_a_folder_in_the_way_is_one_line(checkout: Checkout) -> None:
    (checkout.root / ".uv").write_text("", encoding="utf-8")
    assert "不可写" in one_line(checkout.setup())


def test_an_unknown_kind_is_one_line(checkout: Checkout) -> None:
    assert "expected demo, test or library, got spark" in one_line(checkout.setup("spark"))


def test_the_scripts_are_plain_shell() -> None:
    for name in ("setup", "demo", "test"):
        parsed = subprocess.run(["/bin/sh", "-n", ROOT / "bin" / name], check=False)
        assert parsed.returncode == 0
        assert os.access(ROOT / "bin" / name, os.X_OK)
