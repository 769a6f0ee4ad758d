"""What may be done to a case beside its moves: once, here, for every type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from qiangshi.casework.grounds import Ground, Refused, refuse
from qiangshi.casework.kinds import EXPERT, WITHDRAWN, CaseType, Outcome
from qiangshi.casework.standing import Event, Standing
from qiangshi.casework.stepping import (
    Act,
    Rules,
    due_at,
    fresh_panel,
    open_step,
    opens_at,
    require_role,
)

if TYPE_CHECKING:
    from qiangshi.casework.kinds import Panel, Part, Together

Handler = Callable[[CaseType, Standing, Act, Rules], Event]


def _event(standing: Standing, act: Act, role: str, target: str = "") -> Event:
    return Event(
        verb=act.verb,
        key=act.key,
        source=standing.place,
        target=target or standing.place,
        by=act.by,
        role=role,
        on=act.on,
        reason=act.reason.strip(),
        detail=dict(act.detail),
    )


def _require_right(role: str, what: str, act: Act) -> None:
    if not role:
        raise refuse(f"该事项不设{what}")
    require_role(role, act, what)


def _require_reason(act: Act, what: str) -> None:
    if not act.reason.strip():
        raise refuse(f"{what}须写明理由", field="reason")


def withdraw(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """Taken back by whoever has the right, while it is open."""
    open_step(kind, standing)
    _require_right(kind.rights.withdraw_by, "撤回", act)
    outcome = kind.places[WITHDRAWN]
    assert isinstance(outcome, Outcome), "withdrawal is an end"
    return replace(_event(standing, act, kind.rights.withdraw_by, WITHDRAWN), effect=outcome.effect)


def suspend(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The clock stops; the working days that are left are kept."""
    open_step(kind, standing)
    _require_right(kind.rights.suspend_by, "中止", act)
    _require_reason(act, "中止")
    if standing.suspended:
        raise refuse(f"该件自{standing.suspended}起已中止")
    left = rules.workdays.between(act.on, standing.due) if standing.due else None
    wait = rules.workdays.between(act.on, standing.opens) if standing.opens else None
    return replace(
        _event(standing, act, kind.rights.suspend_by), detail={"left": left, "wait": wait}
    )


def resume(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The clock runs on with the days that were left."""
    open_step(kind, standing)
    _require_right(kind.rights.suspend_by, "恢复", act)
    if not standing.suspended:
        raise refuse("该件未中止，无须恢复")
    due = None if standing.left is None else rules.workdays.after(act.on, standing.left)
    opens = standing.opens
    if opens is not None:
        wait = rules.workdays.between(standing.suspended, opens)
        opens = rules.workdays.after(act.on, wait)
    return replace(_event(standing, act, kind.rights.suspend_by), due=due, opens=opens)


def extend(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """A limit put off once, by the number that the norm gives."""
    step = open_step(kind, standing)
    _require_right(kind.rights.extend_by, "延期", act)
    _require_reason(act, "延期")
    grounds = []
    if standing.suspended:
        grounds.append(Ground("该件已中止，期限不计算"))
    if standing.due is None:
        grounds.append(Ground(f"环节“{step.label}”没有办理时限"))
    if standing.extended:
        grounds.append(Ground("本环节已延期一次，不能再延"))
    if grounds or standing.due is None or kind.rights.extension is None:
        raise Refused(grounds or [Ground("该事项不设延期")])
    days = rules.whole(kind.rights.extension, act.on)
    due = rules.workdays.after(standing.due, days)
    return replace(_event(standing, act, kind.rights.extend_by), due=due)


def correct(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """What the case says, said anew; what it said before stays in its events."""
    open_step(kind, standing)
    _require_right(kind.rights.correct_by, "更正", act)
    _require_reason(act, "更正")
    if act.payload is None or dict(act.payload) == dict(standing.payload):
        raise refuse("更正后的内容与原内容相同")
    before = {
        name: value for name, value in standing.payload.items() if act.payload.get(name) != value
    }
    event = _event(standing, act, kind.rights.correct_by)
    return replace(event, payload=dict(act.payload), detail={"before": before})


def appeal(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """Against an outcome, in time, once; once more where the type has a further appeal."""
    ladder = kind.rights.appeals
    if not ladder:
        raise refuse("该事项不设申诉")
    right = ladder[min(standing.appealed, len(ladder) - 1)]
    require_role(right.by, act, right.label)
    _require_reason(act, right.label)
    grounds = []
    if standing.place not in right.of:
        label = kind.places[standing.place].label
        grounds.append(Ground(f"对“{label}”不能{right.label}"))
    cited = rules.norms.find(right.within, act.on)
    last = rules.workdays.after(standing.since, cited.whole)
    if act.on > last:
        why = f"{right.label}期限已于{last}届满"
        grounds.append(Ground(why, cited.source, "可向上一级反映"))
    if standing.appealed >= len(ladder):
        grounds.append(Ground(f"该件已申诉过{standing.appealed}次", cure="可依法另行救济"))
    if grounds:
        raise Refused(grounds)
    return _taken_up(kind, _event(standing, act, right.by, right.to), standing, rules)


def reopen(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """An ended case taken up again; what it wrote to the record is turned back."""
    if not kind.is_end(standing.place):
        raise refuse("该件尚未办结，无须重启")
    _require_right(kind.rights.reopen_by, "重启", act)
    _require_reason(act, "重启")
    event = _event(standing, act, kind.rights.reopen_by, kind.rights.reopen_to)
    return _taken_up(kind, event, standing, rules)


def _taken_up(kind: CaseType, event: Event, standing: Standing, rules: Rules) -> Event:
    step = kind.step(event.target)
    due = due_at(step, event.on, rules, standing.payload)
    opens = opens_at(step, event.on, rules)
    detail = {**event.detail, **fresh_panel(step)}
    return replace(event, due=due, opens=opens, detail=detail)


def answer(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """One of the parts side by side; the last one moves the case on."""
    step = open_step(kind, standing)
    together = step.together
    part = _part(together, act)
    require_role(part.by, act, f"“{part.label}”")
    grounds = []
    if standing.suspended:
        grounds.append(Ground(f"该件自{standing.suspended}起中止", cure="恢复办理后再办"))
    if part.key in standing.answers:
        grounds.append(Ground(f"“{part.label}”已办理"))
    said = act.detail.get("answer")
    if said not in {"agree", "refuse"}:
        grounds.append(Ground("须选择同意或不同意", field="answer"))
    if said == "refuse" and not act.reason.strip():
        grounds.append(Ground("不同意须写明理由", field="reason"))
    if grounds or together is None:
        raise Refused(grounds)
    return _answered(kind, standing, together, _event(standing, act, part.by), rules)


def _part(together: Together | None, act: Act) -> Part:
    for part in together.parts if together else ():
        if part.key == act.key:
            return part
    raise refuse(f"本环节没有“{act.key}”这一部分")


def _answered(
    kind: CaseType, standing: Standing, together: Together, event: Event, rules: Rules
) -> Event:
    answers = {**standing.answers, event.key: event.detail["answer"]}
    if len(answers) < len(together.parts):
        return event
    target = together.refused if "refuse" in answers.values() else together.agreed
    place = kind.places[target]
    return replace(
        event,
        target=target,
        due=due_at(place, event.on, rules, standing.payload),
        opens=opens_at(place, event.on, rules),
        detail={**event.detail, **fresh_panel(place)},
        effect=place.effect if isinstance(place, Outcome) else "",
    )


def seat(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The panel that was drawn. `detail`: experts, seed, pool, excluded."""
    panel = _panel(kind, standing)
    require_role(panel.secretary, act, "组成评审组")
    if standing.members:
        raise refuse("评审组已组成", cure="个别专家回避的，用“更换”")
    size = rules.norms.find(panel.size, act.on)
    experts = list(act.detail.get("experts", ()))
    if len(set(experts)) != size.whole:
        raise refuse(f"评审组应为{size.whole}人，实为{len(set(experts))}人", clause=size.source)
    return _event(standing, act, panel.secretary)


def score(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """One expert's score, given once, by that expert."""
    panel = _panel(kind, standing)
    require_role(EXPERT, act, "评分")
    mine = next((one for one in standing.members if one.expert == act.by), None)
    if mine is None:
        raise refuse("您不是本件的评审专家")
    most = rules.norms.find(panel.most, act.on)
    given = act.detail.get("score")
    grounds = []
    if mine.score is not None:
        grounds.append(Ground("您已评分，不能更改"))
    if not isinstance(given, int | float) or not 0 <= given <= most.amount:
        grounds.append(Ground(f"评分应在0至{most.amount:g}分之间", most.source, field="score"))
    if grounds:
        raise Refused(grounds)
    return replace(_event(standing, act, EXPERT), key=act.by)


def recuse(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """An expert steps back, or is made to by the secretary, with a reason."""
    panel = _panel(kind, standing)
    expert = act.by if EXPERT in act.roles else act.key
    if EXPERT not in act.roles:
        require_role(panel.secretary, act, "回避")
    _require_reason(act, "回避")
    _require_seated(standing, expert)
    return replace(_event(standing, act, EXPERT), key=expert)


def replace_expert(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """Another expert in the place of one who stepped back or does not answer."""
    panel = _panel(kind, standing)
    require_role(panel.secretary, act, "更换专家")
    _require_reason(act, "更换专家")
    new = str(act.detail.get("expert", ""))
    if not new or any(one.expert == new for one in standing.seats):
        raise refuse("替换的专家已在或曾在本评审组", field="expert")
    if not any(one.expert == act.key and one.is_replaceable for one in standing.seats):
        raise refuse("被更换的专家不在本组，或已评分")
    return _event(standing, act, panel.secretary)


def _panel(kind: CaseType, standing: Standing) -> Panel:
    step = open_step(kind, standing)
    if step.panel is None:
        raise refuse(f"环节“{step.label}”没有评审组")
    return step.panel


def _require_seated(standing: Standing, expert: str) -> None:
    if not any(one.expert == expert and one.score is None for one in standing.members):
        raise refuse("该专家不在本组，或已评分")


_VERBS: tuple[Handler, ...] = (
    withdraw, suspend, resume, extend, correct, appeal, reopen, answer, seat, score, recuse
)  # fmt: skip
ACTS = {handler.__name__: handler for handler in _VERBS} | {"replace": replace_expert}
"""Verb → what it does. Moves are not among them: they are the type's own."""
