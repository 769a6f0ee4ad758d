"""Where the plans lie: beside an installed library, or at the root of a checkout."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from qiangshi.errors import QiangshiError


def policy_root() -> Path:
    """Folder with `vocabulary/`, `national/` and `regions/`. Raises QiangshiError if absent."""
    package = Path(str(resources.files("qiangshi")))
    for folder in (package / "_policy", package.parents[1] / "policy"):
        if (folder / "vocabulary").is_dir():
            return folder
    raise QiangshiError(f"没有找到 policy 目录，应在 {package / '_policy'} 或源码根目录下")


def plan_folders(root: Path) -> dict[str, Path]:
    """Plan id → its folder, national plans first, then regions by id."""
    found = [*sorted((root / "national").glob("*/plan.yaml"))]
    found += sorted((root / "regions").glob("*/plan.yaml"))
    return {file.parent.name: file.parent for file in found}
