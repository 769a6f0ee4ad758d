"""A share drawn as a bar: what is certain filled, what is unknown hatched, a tick at the target."""

from __future__ import annotations

from dataclasses import dataclass

STATUS_MARKS = {
    "met": ("●", "达标"),
    "not_met": ("○", "未达标"),
    "unknown": ("▨", "数据不足"),
    "not_applicable": ("–", "不适用"),
    "informational": ("·", "本级不设目标"),
    "unmeasured": ("–", "不以数据测算"),
}
"""Status → its mark and its word; colour only repeats what these say."""

STANDINGS = {
    **STATUS_MARKS,
    "on_track": ("◐", "推进中"),
    "at_risk": ("◔", "有风险"),
}
"""The same, with what is not met told apart by where it is going."""

_WORST_FIRST = ("not_met", "at_risk", "on_track", "unknown", "met")
STATUS_ORDER = {status: order for order, status in enumerate(_WORST_FIRST)}
"""Worst first: the order in which an office wants to look at them."""


def status_rank(status: str) -> int:
    """Place of a status in a list that begins with the worst."""
    return STATUS_ORDER.get(status, len(STATUS_ORDER))


@dataclass(frozen=True, slots=True)
class Bar:
    """Parts of the full width, each in [0, 1]: certain, and possible beyond that."""

    low: float
    high: float
    tick: float | None
    status: str
    label: str

    @property
    def known_width(self) -> float:
        """Width of the filled part out of 100."""
        return _within(self.low) * 100

    @property
    def open_width(self) -> float:
        """Width of the hatched part out of 100."""
        return max(0.0, _within(self.high) - _within(self.low)) * 100

    @property
    def tick_at(self) -> float | None:
        """Left edge of the tick out of 100."""
        return None if self.tick is None else min(_within(self.tick) * 100, 99.0)


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
