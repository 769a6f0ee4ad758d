"""Random walks: at every place something that may be done is chosen, or days pass."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qiangshi.casework.deciding import decide
from qiangshi.casework.grounds import Finding, Refused
from qiangshi.casework.kinds import EXPERT, Step
from qiangshi.casework.options import options
from qiangshi.casework.payloads import asking
from qiangshi.casework.standing import after
from qiangshi.casework.stepping import Act, begin
from qiangshi.casework.ticking import passed, wakes_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.options import Option
    from qiangshi.casework.standing import Event, Standing
    from qiangshi.casework.stepping import Rules

FILLED: dict[str, Any] = {"whole": 1, "number": "2", "date": "2026-06-30", "yes-no": True}
VERDICTS = (True, False, None)


@dataclass
class Walk:
    """A walk through a type; `pick` chooses a number below the one it is given."""

    kind: CaseType
    rules: Rules
    pick: Callable[[int], int]
    on: date
    events: list[Event]
    standing: Standing

    @classmethod
    def of(cls, kind: CaseType, rules: Rules, pick: Callable[[int], int], on: date) -> Walk:
        """A walk that has begun."""
        payload = {name: FILLED.get(one.kind, "样") for name, one in asking(kind.payload).items()}
        who = frozenset({kind.begun_by})
        first = begin(kind, Act("begin", "begin", "P1", who, on, payload=payload), rules)
        return cls(kind, rules, pick, on, [first], after(None, first))

    def step(self) -> None:
        """One act, and sometimes some days before it."""
        if self.pick(4) == 0:
            self.pass_days(self.pick(30))
        offered = options(self.kind, self.standing)
        if offered:
            self.try_out(offered[self.pick(len(offered))], verdict=VERDICTS[self.pick(3)])

    def pass_days(self, days: int) -> None:
        """Let time do what it does."""
        self.on += timedelta(days=days)
        for event in passed(self.kind, self.standing, self.on, self.rules):
            self._keep(event)

    def try_out(self, option: Option, *, verdict: bool | None) -> None:
        """Carry the option out where nothing stands against it."""
        with suppress(Refused):
            self._keep(self.attempt(option, verdict=verdict, on=self.on))

    def attempt(self, option: Option, *, verdict: bool | None, on: date) -> Event:
        """The event that the option amounts to; nothing is kept. Raises Refused."""
        act = Act(
            verb=option.verb,
            key=option.key,
            by=option.key if option.by == EXPERT else f"by-{option.by}",
            roles=frozenset({option.by}),
            on=on,
            reason="有理由",
            detail=self._detail(option),
            payload=self._corrected() if option.verb == "correct" else None,
            findings=self._seen(option, verdict),
            saw=self.standing.events,
        )
        return decide(self.kind, self.standing, act, self.rules)

    def _seen(self, option: Option, verdict: bool | None) -> tuple[Finding, ...]:
        moves = self.kind.moves_from(self.standing.place)
        move = next((one for one in moves if one.key == option.key), None)
        if move is None or not move.checks:
            return ()
        return (Finding("x", "条件", verdict, "条件", "某规划 三"),)

    def _detail(self, option: Option) -> dict[str, Any]:
        match option.verb:
            case "answer":
                return {"answer": ("agree", "refuse")[self.pick(2)]}
            case "score":
                return {"score": float(self.pick(100))}
            case "replace":
                return {"expert": f"E{len(self.standing.seats) + 1}"}
            case "seat":
                return {"experts": self._experts()}
            case _:
                return {"objection": True} if option.key == "object" else {}

    def _experts(self) -> list[str]:
        place = self.kind.places[self.standing.place]
        assert isinstance(place, Step)
        assert place.panel is not None
        size = self.rules.whole(place.panel.size, self.on)
        return [f"E{number + 1}" for number in range(size)]

    def _corrected(self) -> dict[str, Any]:
        return {**self.standing.payload, "corrected": len(self.events)}

    def _keep(self, event: Event) -> None:
        self.events.append(event)
        self.standing = after(self.standing, event)

    def can_go_on(self) -> bool:
        """Whether the case is done, time will do something, or somebody can act, now or later."""
        if self.kind.is_end(self.standing.place):
            return True
        if wakes_on(self.kind, self.standing) is not None:
            return True
        later = max(self.on, self.standing.opens or self.on)
        offered = options(self.kind, self.standing)
        return any(self._goes(one, verdict, later) for one in offered for verdict in (True, False))

    def _goes(self, option: Option, verdict: bool, on: date) -> bool:
        try:
            self.attempt(option, verdict=verdict, on=on)
        except Refused:
            return False
        return True
