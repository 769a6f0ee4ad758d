"""Plants breaches of the import contracts in a copy of the sources, each alone.

`python -m tests.architecture.planting`, in the copy, reads [[contract, file, line], …] and prints
what import-linter says of each, and lastly of what is left. One process for all: to load the linter
takes longer than its work.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from importlinter import cli

from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> None:
    """Breaches in, reports out."""
    told = []
    for contract, file, line in json.load(sys.stdin):
        with planted(Path(file), line):
            told.append(report(contract))
    told.append(report())
    json.dump(told, sys.stdout)


@contextlib.contextmanager
def planted(file: Path, line: str) -> Iterator[None]:
    """A line at the end of a file, which is made if absent; afterwards all is as it was."""
    before = file.read_text(encoding="utf-8") if file.exists() else None
    is_new_folder = not file.parent.exists()
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    yield
    if before is not None:
        file.write_text(before, encoding="utf-8")
        return
    file.unlink()
    if is_new_folder:
        file.parent.rmdir()


def report(*contracts: str) -> str:
    """What import-linter says of these contracts, or of all, about the sources in this folder."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        cli.lint_imports(
            config_filename=str(ROOT / "pyproject.toml"),
            limit_to_contracts=contracts,
            no_cache=True,
            no_logo=True,
        )
    return said.getvalue()


if __name__ == "__main__":
    main()
