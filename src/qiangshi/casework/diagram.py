"""A case type as a picture: Mermaid text, and SVG drawn here, from the declaration alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from qiangshi.casework.kinds import Outcome, Step, reached

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.casework.kinds import CaseType

_WIDE, _HIGH, _GAP_X, _GAP_Y, _EDGE = 172, 52, 96, 34, 18
_CHARACTER = 13


def mermaid(kind: CaseType) -> str:
    """A state diagram in Mermaid's words."""
    lines = ["stateDiagram-v2", f"  [*] --> {_id(kind.first.key)}"]
    lines += [f"  {_id(place.key)} : {place.label}" for place in kind.places.values()]
    lines += [f"  {_id(a)} --> {_id(b)} : {label}" for a, b, label in kind.ways]
    lines += [f"  {_id(outcome.key)} --> [*]" for outcome in kind.outcomes]
    return "\n".join(lines)


def _id(key: str) -> str:
    return key.replace("-", "_")


def svg(kind: CaseType, *, roles: Mapping[str, str]) -> str:
    """The same as SVG without style or script. `roles` gives what each role is called."""
    at, roles = _places(kind), kind.named(roles)
    width = max(x for x, _ in at.values()) + _WIDE + _EDGE
    height = max(y for _, y in at.values()) + _HIGH + _EDGE
    drawn = [_edge(at[a], at[b], label) for a, b, label in kind.ways if a in at and b in at]
    drawn += [_node(kind.places[key], x, y, roles) for key, (x, y) in at.items()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(kind.label)}流程图" font-size="{_CHARACTER}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#55606a"/></marker></defs>'
        f"{''.join(drawn)}</svg>"
    )


def _places(kind: CaseType) -> dict[str, tuple[int, int]]:
    """Each place by how many steps it lies from the first, those equally far below each other."""
    depth = reached([kind.first.key], [(a, b) for a, b, _ in kind.ways if b in kind.places])
    last = max(depth.values())
    rows: Counter[int] = Counter()
    found = {}
    for key in (*depth, *(key for key in kind.places if key not in depth)):
        column = depth.get(key, last)
        found[key] = (_EDGE + column * (_WIDE + _GAP_X), _EDGE + rows[column] * (_HIGH + _GAP_Y))
        rows[column] += 1
    return found


def _node(place: Step | Outcome, x: int, y: int, roles: Mapping[str, str]) -> str:
    round_, fill = (26, "#eef2f4") if isinstance(place, Outcome) else (5, "#ffffff")
    under = roles.get(place.by, place.by) if isinstance(place, Step) else "办结"
    middle = x + _WIDE // 2
    return (
        f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="{round_}" fill="{fill}" '
        'stroke="#0b5563"/>'
        f'<text x="{middle}" y="{y + 22}" text-anchor="middle" font-weight="600">'
        f"{escape(place.label)}</text>"
        f'<text x="{middle}" y="{y + 41}" text-anchor="middle" fill="#55606a" font-size="11">'
        f"{escape(under)}</text>"
    )


def _edge(start: tuple[int, int], end: tuple[int, int], label: str) -> str:
    """Forward from side to side; back and across along a curve above or beside."""
    (ax, ay), (bx, by) = start, end
    if bx > ax:
        x1, y1, x2, y2 = ax + _WIDE, ay + _HIGH // 2, bx, by + _HIGH // 2
        path = f"M{x1} {y1} C{x1 + 40} {y1} {x2 - 40} {y2} {x2} {y2}"
        tx, ty = (x1 + x2) // 2, (y1 + y2) // 2 - 5
    elif bx < ax:
        x1, y1, x2, y2 = ax, ay + _HIGH - 10, bx + _WIDE, by + _HIGH - 10
        low = max(y1, y2) + 22
        path = f"M{x1} {y1} C{x1 - 30} {low} {x2 + 30} {low} {x2} {y2}"
        tx, ty = (x1 + x2) // 2, low + 2
    else:
        down = by > ay
        x1 = ax + _WIDE // 3
        y1, y2 = (ay + _HIGH, by) if down else (ay, by + _HIGH)
        path = f"M{x1} {y1} L{x1} {y2}"
        tx, ty = x1 + 14 + len(label) * 6, (y1 + y2) // 2 + 4
    return (
        f'<path d="{path}" fill="none" stroke="#55606a" marker-end="url(#tip)"/>'
        f'<text x="{tx}" y="{ty}" text-anchor="middle" font-size="11" fill="#1d2730" '
        f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(label)}</text>'
    )
