"""Arrays kept in a folder, each under a name that says what it is made from; mapped, not read."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qiangshi.measure.premeasured_columns import is_uniform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.measure.premeasured_columns import Whole


class ArrayStore:
    """Named groups of arrays in `folder`; a group is there whole or not at all.

    Names say what a group is made from, so that one name never stands for two contents, and two
    processes that build the same do no harm. Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def load(self, name: str) -> tuple[dict[str, Whole], dict[str, Any]] | None:
        """The arrays of a group and what was told about it; None where it is not there."""
        if self.folder is None:
            return None
        told_file = self.folder / f"{name}.json"
        if not told_file.is_file():
            return None
        told = json.loads(told_file.read_text(encoding="utf-8"))
        arrays: dict[str, Whole] = {}
        for key, (kind, value, size) in told["uniform"].items():
            arrays[key] = np.broadcast_to(np.array(value, dtype=kind), (size,))
        for key in told["stored"]:
            # As a plain array: numpy's own class for mapped ones is slow to slice.
            arrays[key] = np.load(self.folder / f"{name}.{key}.npy", mmap_mode="r").view(np.ndarray)
        return arrays, told["about"]

    def save(self, name: str, arrays: Mapping[str, Whole], about: Mapping[str, Any]) -> None:
        """Keep a group."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        told: dict[str, Any] = {"uniform": {}, "stored": [], "about": dict(about)}
        for key, array in arrays.items():
            if len(array) and (is_uniform(array) or bool((array == array[0]).all())):
                told["uniform"][key] = [array.dtype.str, array[0].item(), len(array)]
                continue
            told["stored"].append(key)
            _put(self.folder / f"{name}.{key}.npy", array)
        text = json.dumps(told, ensure_ascii=False)
        handle, made = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(made).replace(self.folder / f"{name}.json")


def _put(path: Path, array: Whole) -> None:
    handle, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        np.save(file, np.ascontiguousarray(array))
    Path(made).replace(path)
