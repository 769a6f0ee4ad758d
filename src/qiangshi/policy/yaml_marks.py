"""YAML read as plain values, remembering on which line each stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from qiangshi.errors import Fault, PolicyError

if TYPE_CHECKING:
    from pathlib import Path

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[str | int, ...]


class MarkedFile:
    """The values of one YAML file, and the line of each place in it."""

    def __init__(self, *, name: str, value: Any, lines: dict[Place, int]) -> None:
        self.name = name
        self.value = value
        self._lines = lines

    def line(self, place: Place) -> int:
        """Line of `place`, or of the nearest place around it that the file has."""
        for length in range(len(place), -1, -1):
            if (line := self._lines.get(place[:length])) is not None:
                return line
        return 1

    def fault(self, place: Place, *, expected: str, got: str, hint: str = "") -> Fault:
        """A fault that stands at `place`."""
        return Fault(self.name, self.line(place), expected, got, hint)


def read_marked(path: Path, *, name: str) -> MarkedFile:
    """Read one YAML file; `name` is what faults call it. Raises PolicyError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        fault = Fault(name, 1, "UTF-8 text", f"byte {error.object[error.start]:#x}")
        raise PolicyError([fault]) from error
    return marked(text, name=name)


def marked(text: str, *, name: str) -> MarkedFile:
    """What a file of that text holds. Raises PolicyError."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        reading = _Reading(loader=loader, name=name)
        value = None if node is None else reading.build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        raise PolicyError([Fault(name, line, "YAML", error.problem or "an error")]) from error
    except yaml.YAMLError as error:
        raise PolicyError([Fault(name, 1, "YAML", str(error))]) from error
    finally:
        loader.dispose()
    if reading.faults:
        raise PolicyError(reading.faults)
    return MarkedFile(name=name, value=value, lines=reading.lines)


class _Reading:
    """Builds values from composed nodes; a key written twice is a fault, not the last one wins."""

    def __init__(self, *, loader: Any, name: str) -> None:
        self._loader = loader
        self._name = name
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []

    def build(self, node: Any, place: Place) -> Any:
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*place, i)) for i, child in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() not in {"true", "false"}:
            return node.value  # yes, no, on and off are words here
        try:
            return self._loader.construct_object(node)
        except ValueError as error:  # 2021-13-45 looks like a date and is none
            line = node.start_mark.line + 1
            self.faults.append(Fault(self._name, line, f"a date ({error})", repr(node.value)))
            return None

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)  # as written: YAML 1.1 would read the key `on` as true
            if key in value:
                line = key_node.start_mark.line + 1
                self.faults.append(Fault(self._name, line, "a key once", f"{key!r} again"))
            value[key] = self.build(child, (*place, key))
            self.lines[*place, key] = key_node.start_mark.line + 1
        return value
