"""A chart of how schools are spread over the share that they reach, drawn on the server."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from qiangshi_web.kernel.bars import STATUS_MARKS
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiangshi_web.analytics.readings import Reading

BINS = 10
FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
_SHOWN = ("met", "unknown", "not_met")
_FILLS = {"met": "#1c7048", "unknown": "#d5dbe0", "not_met": "#d98a7c"}
_REVISION = 5  # of the drawing; a change makes every chart anew
_ROOM_FOR_A_MARK = 0.08  # of the tallest bar
_LOOK = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "grid": True,
        "gridColor": "#e6eaed",
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
}


@dataclass(frozen=True, slots=True)
class Bin:
    """Schools whose certain share lies in one tenth, by status."""

    first: int  # per cent
    last: int
    counted: dict[str, int]

    @property
    def label(self) -> str:
        """0–10, …, 90–100 per cent; the last one is closed at both ends."""
        return f"{self.first}–{self.last}"

    @property
    def total(self) -> int:
        """Schools in it."""
        return sum(self.counted.values())

    @property
    def row(self) -> list[int]:
        """Counts in the order of the chart's statuses."""
        return [self.counted.get(status, 0) for status in _SHOWN]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Schools by tenths of the share that certainly satisfies an item."""

    title: str
    among: str
    bins: tuple[Bin, ...]
    language_words: tuple[str, ...]
    own_bin: int | None
    own_words: str

    @classmethod
    def of(cls, rows: Sequence[Reading], *, among: str, own: str) -> Distribution:
        """From one reading for each school of `among`; the one of `own` is marked.

        Schools with nobody concerned are left out.
        """
        own_bin = None
        counted: list[dict[str, int]] = [{} for _ in range(BINS)]
        for row in rows:
            if row.status in _SHOWN:
                tenth = min(BINS - 1, int((row.result.low or 0.0) * BINS))
                own_bin = tenth if row.result.organisation_id == own else own_bin
                counted[tenth][row.status] = counted[tenth].get(row.status, 0) + 1
        width = 100 // BINS
        bins = tuple(Bin(i * width, (i + 1) * width, found) for i, found in enumerate(counted))
        words = (say("学校数"), say("确认达到的比例（%）"), say("状态"))
        names = tuple(say(STATUS_MARKS[status][1]) for status in _SHOWN)
        return cls(rows[0].title, among, bins, (*words, *names), own_bin, say("本校"))

    @property
    def status_names(self) -> list[str]:
        """Heads of the table beneath the chart."""
        return list(self.language_words[3:])

    @property
    def own_label(self) -> str:
        """Where the marked school stands: 90–100; empty where none is marked."""
        return "" if self.own_bin is None else self.bins[self.own_bin].label

    def key(self) -> str:
        """Content hash: equal charts are drawn once."""
        content = json.dumps([_REVISION, specification(self)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def specification(shown: Distribution) -> dict[str, Any]:
    """The chart in Vega-Lite: bars whose parts bear the mark of their status, and one's own."""
    schools, share, status, *names = shown.language_words
    marked = [f"{STATUS_MARKS[key][0]} {name}" for key, name in zip(_SHOWN, names, strict=True)]
    layers = _bars(schools, status, marked)
    if shown.own_bin is not None:
        layers.append(_own(shown.bins[shown.own_bin], shown.own_words))
    x = {
        "field": "bin",
        "type": "ordinal",
        "title": share,
        "scale": {"domain": [one.label for one in shown.bins]},
        "axis": {"labelAngle": 0},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": _parts(shown, marked)},
        "width": 400,
        "height": 200,
        "encoding": {"x": x},
        "layer": layers,
        "config": _LOOK,
    }


def _parts(shown: Distribution, marked: Sequence[str]) -> list[dict[str, Any]]:
    """A part of a bar for each tenth and status that has schools."""
    tallest = max(one.total for one in shown.bins)
    return [
        {
            "bin": one.label,
            "status": name,
            "key": key,
            "place": place,
            "n": count,
            "mark": STATUS_MARKS[key][0] if count >= tallest * _ROOM_FOR_A_MARK else "",
        }
        for one in shown.bins
        for place, (key, name, count) in enumerate(zip(_SHOWN, marked, one.row, strict=True))
        if count
    ]


def _bars(schools: str, status: str, marked: Sequence[str]) -> list[dict[str, Any]]:
    """The bars, and the marks in them."""
    part = {"field": "n", "type": "quantitative", "stack": "zero"}
    order = {"field": "place", "type": "quantitative"}
    axis = {"title": schools, "axis": {"tickMinStep": 1, "format": "d"}}
    colours = {"domain": marked, "range": [_FILLS[key] for key in _SHOWN]}
    on_dark = {"test": "datum.key == 'met'", "value": "#ffffff"}
    return [
        {
            "mark": {"type": "bar", "stroke": "#1d2730", "strokeWidth": 0.6},
            "encoding": {
                "y": {**part, **axis},
                "order": order,
                "color": {"field": "status", "title": status, "scale": colours},
            },
        },
        {
            "mark": {"type": "text", "fontSize": 12},
            "encoding": {
                "y": {**part, "bandPosition": 0.5},
                "order": order,
                "text": {"field": "mark"},
                "color": {"value": "#1d2730", "condition": on_dark},
            },
        },
    ]


def _own(where: Bin, words: str) -> dict[str, Any]:
    """The mark over the bar in which one's own school stands."""
    return {
        "data": {"values": [{"bin": where.label, "n": where.total, "words": f"▼ {words}"}]},
        "mark": {"type": "text", "dy": -9, "fontSize": 13, "fontWeight": "bold"},
        "encoding": {"y": {"field": "n", "type": "quantitative"}, "text": {"field": "words"}},
    }


def draw(shown: Distribution) -> bytes:
    """The chart as SVG, from disk where an equal one was drawn before."""
    file = Path(settings.QIANGSHI_CHARTS) / f"{shown.key()}.svg"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        svg = _converter().vegalite_to_svg(specification(shown))
        _put(file, svg.encode())
    return file.read_bytes()


def _put(file: Path, content: bytes) -> None:
    """Whole or not at all: two processes may draw the same chart at once."""
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    Path(name).replace(file)


@cache
def _converter() -> Any:
    """vl-convert with a font that has Chinese characters; without one labels would be blank."""
    import noto_cjk_sans_otc
    import vl_convert

    vl_convert.register_font_directory(str(Path(noto_cjk_sans_otc.__file__).parent))
    return vl_convert
