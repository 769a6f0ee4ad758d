"""What may be done to a case beside its moves: once, here, for every type.

Whoever calls has seen to it that the case is open or ended, not suspended, and that a reason is
given, as the act asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from qiangshi.casework.grounds import Ground, Refused, refuse
from qiangshi.casework.kinds import EXPERT, WITHDRAWN, CaseType
from qiangshi.casework.options import VERBS
from qiangshi.casework.standing import Event, Standing
from qiangshi.casework.stepping import Act, Rules, done, entering, require_role

if TYPE_CHECKING:
    from qiangshi.casework.kinds import Panel

Handler = Callable[[CaseType, Standing, Act, Rules], Event]


def _by_right(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The act of whoever the type gives the right to it."""
    verb = VERBS[act.verb]
    role = getattr(kind.rights, verb.by)
    if not role:
        raise refuse(f"该事项不设{verb.label}")
    require_role(role, act, verb.label, rules)
    return done(standing, act, role)


def withdraw(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """Taken back by whoever has the right, while it is open."""
    event = replace(_by_right(kind, standing, act, rules), target=WITHDRAWN)
    return entering(kind, event, standing.payload, rules)


def suspend(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The clock stops; the working days that are left are kept."""
    left = rules.workdays.between(act.on, standing.due) if standing.due else None
    return replace(_by_right(kind, standing, act, rules), detail={"left": left})


def resume(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The clock runs on with the days that were left."""
    event = _by_right(kind, standing, act, rules)
    if not standing.suspended:
        raise refuse("该件未中止，无须恢复")
    due = None if standing.left is None else rules.workdays.after(act.on, standing.left)
    opens = standing.opens
    if opens is not None:
        opens = rules.workdays.after(act.on, rules.workdays.between(standing.suspended, opens))
    return replace(event, due=due, opens=opens)


def extend(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """A limit put off once, by the number that the norm gives."""
    event, days = _by_right(kind, standing, act, rules), kind.rights.extension
    if standing.due is None or days is None:
        raise refuse(f"环节“{kind.step(standing.place).label}”没有办理时限")
    if standing.extended:
        raise refuse("本环节已延期一次，不能再延")
    return replace(event, due=rules.after(standing.due, days, act.on))


def correct(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """What the case says, said anew; what it said before stays in its events."""
    event, payload = _by_right(kind, standing, act, rules), dict(act.payload or {})
    said = standing.payload.items()
    before = {name: value for name, value in said if payload.get(name) != value}
    if not payload or payload == dict(said):
        raise refuse("更正后的内容与原内容相同")
    return replace(event, payload=payload, detail={"before": before})


def appeal(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """Against an outcome, in time, once; once more where the type has a further appeal."""
    ladder = kind.rights.appeals
    if not ladder:
        raise refuse("该事项不设申诉")
    right = ladder[min(standing.appealed, len(ladder) - 1)]
    require_role(right.by, act, right.label, rules)
    grounds = []
    if standing.place not in right.of:
        label = kind.places[standing.place].label
        grounds.append(Ground(f"对“{label}”不能{right.label}"))
    last = rules.after(standing.since, right.within, act.on)
    if act.on > last:
        clause = rules.norms.find(right.within, act.on).source
        grounds.append(Ground(f"{right.label}期限已于{last}届满", clause, "可向上一级反映"))
    if standing.appealed >= len(ladder):
        grounds.append(Ground(f"该件已申诉过{standing.appealed}次", cure="可依法另行救济"))
    if grounds:
        raise Refused(grounds)
    return entering(kind, done(standing, act, right.by, right.to), standing.payload, rules)


def reopen(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """An ended case taken up again; what it wrote to the record is turned back."""
    if not kind.is_end(standing.place):
        raise refuse("该件尚未办结，无须重启")
    event = replace(_by_right(kind, standing, act, rules), target=kind.rights.reopen_to)
    return entering(kind, event, standing.payload, rules)


def answer(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """One of the parts side by side; the last one moves the case on."""
    together, said = kind.step(standing.place).together, act.detail.get("answer")
    part = next((one for one in together.parts if one.key == act.key), None) if together else None
    if together is None or part is None:
        raise refuse(f"本环节没有“{act.key}”这一部分")
    require_role(part.by, act, f"“{part.label}”", rules)
    grounds = []
    if part.key in standing.answers:
        grounds.append(Ground(f"“{part.label}”已办理"))
    if said not in {"agree", "refuse"}:
        grounds.append(Ground("须选择同意或不同意", field="answer"))
    if said == "refuse" and not act.reason.strip():
        grounds.append(Ground("不同意须写明理由", field="reason"))
    if grounds:
        raise Refused(grounds)
    event = done(standing, act, part.by)
    answers = {*standing.answers.values(), said}
    if len(standing.answers) + 1 < len(together.parts):
        return event
    target = together.refused if "refuse" in answers else together.agreed
    return entering(kind, replace(event, target=target), standing.payload, rules)


def seat(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The panel that was drawn. `detail`: experts, seed, pool, excluded."""
    panel = _panel(kind, standing)
    require_role(panel.secretary, act, "组成评审组", rules)
    if standing.members:
        raise refuse("评审组已组成", cure="个别专家回避的，用“更换”")
    size = rules.norms.find(panel.size, act.on)
    experts = set(act.detail.get("experts", ()))
    if len(experts) != size.whole:
        raise refuse(f"评审组应为{size.whole}人，实为{len(experts)}人", clause=size.source)
    return done(standing, act, panel.secretary)


def score(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """One expert's score, given once, by that expert."""
    panel = _panel(kind, standing)
    require_role(EXPERT, act, "评分", rules)
    mine = next((one for one in standing.members if one.expert == act.by), None)
    if mine is None:
        raise refuse("您不是本件的评审专家")
    most, given = rules.norms.find(panel.most, act.on), act.detail.get("score")
    grounds = []
    if mine.score is not None:
        grounds.append(Ground("您已评分，不能更改"))
    if not isinstance(given, int | float) or not 0 <= given <= most.amount:
        grounds.append(Ground(f"评分应在0至{most.amount:g}分之间", most.source, field="score"))
    if grounds:
        raise Refused(grounds)
    return replace(done(standing, act, EXPERT), key=act.by)


def recuse(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """An expert steps back, or is made to by the secretary, with a reason."""
    panel = _panel(kind, standing)
    expert = act.by if EXPERT in act.roles else act.key
    if EXPERT not in act.roles:
        require_role(panel.secretary, act, "回避", rules)
    if not any(one.expert == expert and one.score is None for one in standing.members):
        raise refuse("该专家不在本组，或已评分")
    return replace(done(standing, act, EXPERT), key=expert)


def replace_expert(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """Another expert in the place of one who stepped back or does not answer."""
    panel = _panel(kind, standing)
    require_role(panel.secretary, act, "更换专家", rules)
    new = str(act.detail.get("expert", ""))
    if not new or any(one.expert == new for one in standing.seats):
        raise refuse("替换的专家已在或曾在本评审组", field="expert")
    if not any(one.expert == act.key and one.is_replaceable for one in standing.seats):
        raise refuse("被更换的专家不在本组，或已评分")
    return done(standing, act, panel.secretary)


def _panel(kind: CaseType, standing: Standing) -> Panel:
    step = kind.step(standing.place)
    if step.panel is None:
        raise refuse(f"环节“{step.label}”没有评审组")
    return step.panel


_VERBS: tuple[Handler, ...] = (
    withdraw, suspend, resume, extend, correct, appeal, reopen, answer, seat, score, recuse
)  # fmt: skip
ACTS = {handler.__name__: handler for handler in _VERBS} | {"replace": replace_expert}
"""Verb → what it does. Moves are not among them: they are the type's own."""
