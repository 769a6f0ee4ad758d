"""The torture folder. `python -m tests.qiangshi.datacheck.torture.folder DIR` writes it, with what
each file is to come to, and prints how many there are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.qiangshi.datacheck.torture.cells import CELLS
from tests.qiangshi.datacheck.torture.dangers import DANGERS
from tests.qiangshi.datacheck.torture.layouts import LAYOUTS
from tests.qiangshi.datacheck.torture.people import PEOPLE

if TYPE_CHECKING:
    from tests.qiangshi.datacheck.torture.files import Torture

FILES: tuple[Torture, ...] = (*LAYOUTS, *CELLS, *PEOPLE, *DANGERS)


def expected(torture: Torture) -> str:
    """What a file is to come to, in one line."""
    if torture.refused:
        return f"refused: {torture.refused}"
    parts = [f"good {torture.good}"] if torture.good else []
    parts += [f"row {row}: {reason}" for row, reason in torture.bad.items()]
    parts += [f"held {torture.held}"] if torture.held else []
    parts += [f"no records {torture.over}"] if torture.over else []
    return "; ".join(parts) or "no rows"


def main(folder: Path) -> None:
    """See the module."""
    folder.mkdir(parents=True, exist_ok=True)
    for torture in FILES:
        torture.write(folder / torture.name)
        print(f"{torture.name}: {torture.trait}; {expected(torture)}")
    refused = sum(bool(torture.refused) for torture in FILES)
    print(f"{len(FILES)} files: {len(FILES) - refused} answered by row, {refused} refused")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
