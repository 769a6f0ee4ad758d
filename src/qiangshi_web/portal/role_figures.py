"""The three figures that matter to a role: one table says which, each is measured or counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.urls import reverse

from qiangshi_web.analytics.plans import plan as load
from qiangshi_web.analytics.plans import short_name
from qiangshi_web.analytics.queries import results_at
from qiangshi_web.audit.queries import events_of_day, openings_of_day, whole_log
from qiangshi_web.identity.queries import (
    delegated_on,
    ending_within_month,
    granted_on,
    open_accounts,
)
from qiangshi_web.jobs.queries import visible_to as jobs_visible_to
from qiangshi_web.kernel import wordforms
from qiangshi_web.kernel.language import say
from qiangshi_web.quality.queries import trend as scores_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from qiangshi.policy.models import Plan
    from qiangshi_web.analytics.models import MeasuredResult
    from qiangshi_web.analytics.people import OwnStandard
    from qiangshi_web.analytics.queries import MeasuredSnapshot, Missed
    from qiangshi_web.analytics.readings import Reading
    from qiangshi_web.contexts.organisations.queries import Organisation
    from qiangshi_web.kernel.actors import Actor
    from qiangshi_web.portal.worklist import State, Waiting
    from qiangshi_web.quality.queries import OrganisationScore

_OFFICE = ("todo", "overdue", "waiting")

FIGURES_OF_ROLES: Mapping[str, tuple[str, ...]] = {
    "bureau_officer": ("missed", "lacking", "unclear"),
    "bureau_leader": ("missed", "behind", "overdue"),
    "unit_officer": ("missed", "lacking", "records"),
    "school_clerk": ("records", "faults", "missed"),
    "principal": ("missed", "lacking", "overdue"),
    "teacher": ("own_missed", "own_met", "own_unknown"),
    "teaching_researcher": ("missed", "behind", "unclear"),
    "training_centre": ("lacking", "behind", "unclear"),
    "supervisor": ("behind", "missed", "overdue"),
    "ethics_officer": _OFFICE,
    "pay_officer": _OFFICE,
    "counsellor": _OFFICE,
    "identity_officer": ("todo", "overdue", "records"),
    "panel_secretary": _OFFICE,
    "expert": _OFFICE,
    "public": ("plans", "provisions", "measured"),
    "system_administrator": ("accounts", "failed_jobs", "open_jobs"),
    "security_administrator": ("grants", "delegations", "endings"),
    "audit_administrator": ("events_today", "openings_today", "events"),
}
"""Role → its figures, the first of them first. One that cannot be told here gives way to work."""

_SHOWN = 3
_OF_A_RUN = {"missed", "lacking", "unclear", "behind"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that matters to this role, its course, and the page with its rows."""

    label: str
    value: str
    unit: str = ""
    url: str = ""
    follow: str = ""
    trend: str = ""


_NONE: Mapping[str, Figure | None] = MappingProxyType({})


@dataclass(frozen=True)
class Ground:
    """What figures are told from. `top` None: no organisation's figures are open to the actor."""

    actor: Actor
    on: date
    waiting: Waiting
    run: MeasuredSnapshot | None = None
    earlier: MeasuredSnapshot | None = None
    top: Organisation | None = None
    known: Sequence[tuple[Plan, Reading]] = ()
    below: Sequence[Missed] = ()
    standards: Sequence[OwnStandard] = ()

    @property
    def plans(self) -> list[Plan]:
        """The plans that were measured."""
        return [] if self.run is None else [load(plan_id) for plan_id in self.run.plan_ids]

    @cached_property
    def before(self) -> tuple[date, dict[tuple[str, str], MeasuredResult]] | None:
        """Day and results of the measuring before this one; None where there was none."""
        if self.earlier is None or self.top is None:
            return None
        rows = results_at(self.actor, self.earlier, self.top)
        return self.earlier.on, {(row.plan, row.item): row for row in rows}

    @cached_property
    def scores(self) -> list[OrganisationScore]:
        """The two newest scores of the records, the newest first."""
        return [] if self.top is None else list(scores_of(self.top)[:2])


def figures_for(ground: Ground, told: Mapping[str, Figure | None] = _NONE) -> list[Figure]:
    """The three figures of the actor's main role; `told` are those that are known already."""
    names = dict.fromkeys((*_wanted(ground.actor), *_OFFICE))
    found = (told[name] if name in told else _FIGURES[name](ground) for name in names)
    return [figure for figure in found if figure is not None][:_SHOWN]


def measured_figures(ground: Ground) -> dict[str, Figure | None]:
    """Those of them that stand until it is measured again."""
    wanted = _wanted(ground.actor)
    return {name: _FIGURES[name](ground) for name in wanted if name in _OF_A_RUN}


def _wanted(actor: Actor) -> tuple[str, ...]:
    return () if actor.main is None else FIGURES_OF_ROLES[actor.main.role]


def _change(now: float, then: float, on: date, unit: str = "") -> str:
    """How a figure moved since a day."""
    if now == then:
        return say("与{on}持平", on=wordforms.day(on))
    words = "较{on}增加 {count}{unit}" if now > then else "较{on}减少 {count}{unit}"
    moved = wordforms.number(round(abs(now - then), 1))
    return say(words, on=wordforms.day(on), count=moved, unit=unit)


def _counted(ground: Ground, status: str) -> tuple[int, str]:
    """How many items have a status now, and how that moved among those measured both times."""
    now = [reading for _, reading in ground.known if reading.status == status]
    if ground.before is None:
        return len(now), ""
    on, rows = ground.before
    both = {(plan.id, one.result.item) for plan, one in ground.known} & rows.keys()
    again = sum((one.result.plan, one.result.item) in both for one in now)
    return len(now), _change(again, sum(rows[key].status == status for key in both), on)


def clauses_url(ground: Ground, status: str) -> str:
    """The clauses of that status; where several plans were measured, how many each has of them."""
    if ground.run is None or ground.top is None:
        return reverse("plans")
    if len(ground.run.plan_ids) > 1:
        return f"{reverse('plans')}?organisation={ground.top.pk}"
    page = reverse("plan", args=ground.run.plan_ids)
    return f"{page}?organisation={ground.top.pk}&status={status}"


def _missed(ground: Ground) -> Figure | None:
    if ground.top is None or ground.run is None:
        return None
    count, trend = _counted(ground, "not_met")
    total = sum(reading.target != "" for _, reading in ground.known)
    return Figure(
        say("未达标的条目"),
        wordforms.number(count),
        say("项，共 {total} 项", total=total),
        clauses_url(ground, "not_met"),
        say("看条款"),
        trend,
    )


def _unclear(ground: Ground) -> Figure | None:
    if ground.top is None or ground.run is None:
        return None
    count, trend = _counted(ground, "unknown")
    return Figure(
        say("数据不足、无法判断的条目"),
        wordforms.number(count),
        say("项"),
        clauses_url(ground, "unknown"),
        say("看缺什么数据"),
        trend,
    )


def _lacking(ground: Ground) -> Figure | None:
    """The item that most people here do not satisfy."""
    short = [(plan, one) for plan, one in ground.known if one.status == "not_met" and one.lacking]
    if not short or ground.top is None:
        return None
    plan, worst = max(short, key=lambda told: told[1].lacking or 0.0)
    return Figure(
        say("{plan}“{title}”未达标人数", plan=short_name(plan), title=worst.title),
        wordforms.number(worst.lacking),
        say("人，共 {total} 人", total=wordforms.number(worst.result.denominator)),
        reverse("item", args=[plan.id, worst.result.item, ground.top.pk]),
        say("看名单"),
        _lacking_before(ground, worst),
    )


def _lacking_before(ground: Ground, worst: Reading) -> str:
    if ground.before is None:
        return ""
    on, rows = ground.before
    row = rows.get((worst.result.plan, worst.result.item))
    if row is None or row.numerator is None or row.denominator is None:
        return ""
    then = max(0.0, row.denominator - row.numerator - row.unknown)
    return _change(worst.lacking or 0.0, then, on)


def _behind(ground: Ground) -> Figure | None:
    """How many organisations directly below do not meet something."""
    if ground.top is None or not ground.below:
        return None
    return Figure(
        say("有条目未达标的下级机构"),
        wordforms.number(len({row.organisation_id for row in ground.below})),
        say("个"),
        reverse("board", args=[ground.top.pk]),
        say("看差距看板"),
    )


def _records(ground: Ground) -> Figure | None:
    if ground.top is None or not ground.scores or ground.scores[0].score is None:
        return None
    newest, *earlier = ground.scores
    score = round(newest.score or 0.0, 1)
    told = earlier and earlier[0].score is not None
    return Figure(
        say("数据质量得分"),
        wordforms.number(score),
        say("分，满分 100 分"),
        reverse("quality", args=[ground.top.pk]),
        say("看先改哪些"),
        _change(score, round(earlier[0].score or 0.0, 1), earlier[0].run.on) if told else "",
    )


def _faults(ground: Ground) -> Figure | None:
    if ground.top is None or not ground.scores:
        return None
    newest, *earlier = ground.scores
    bad = newest.rows - newest.good_rows
    trend = (
        _change(bad, earlier[0].rows - earlier[0].good_rows, earlier[0].run.on) if earlier else ""
    )
    return Figure(
        say("有问题的记录"),
        wordforms.number(bad),
        say("条，共 {total} 条", total=wordforms.number(newest.rows)),
        reverse("quality-problems", args=[ground.top.pk]),
        say("看名单"),
        trend,
    )


def _work(state: State, label: str) -> Callable[[Ground], Figure]:
    def told(ground: Ground) -> Figure:
        return Figure(
            say(label),
            wordforms.number(ground.waiting.counts[state]),
            say("件"),
            f"{reverse('work')}?state={state}",
            say("看待办"),
        )

    return told


def _own(status: str, label: str) -> Callable[[Ground], Figure | None]:
    def told(ground: Ground) -> Figure | None:
        if not ground.actor.person_id:
            return None
        return Figure(
            say(label),
            wordforms.number(sum(one.status == status for one in ground.standards)),
            say("项"),
            reverse("person", args=[ground.actor.person_id]),
            say("看我的档案"),
        )

    return told


def _plans(ground: Ground) -> Figure | None:
    plans = ground.plans
    if not plans:
        return None
    count = wordforms.number(len(plans))
    return Figure(say("已测算的规划"), count, say("份"), reverse("plans"), say("看规划"))


def _provisions(ground: Ground) -> Figure | None:
    count = sum(len(plan.provisions) for plan in ground.plans)
    if not count:
        return None
    words = wordforms.number(count)
    return Figure(say("规划提出的要求"), words, say("条"), reverse("plans"), say("看条款"))


def _measured(ground: Ground) -> Figure | None:
    count = sum(len(plan.items) for plan in ground.plans)
    if not count:
        return None
    words = wordforms.number(count)
    return Figure(say("可测算的条目"), words, say("项"), reverse("plans"), say("看规划"))


def _accounts(ground: Ground) -> Figure:
    return Figure(say("启用的账号"), wordforms.number(open_accounts().count()), say("个"))


def _jobs(label: str, *states: str) -> Callable[[Ground], Figure]:
    def told(ground: Ground) -> Figure:
        found = jobs_visible_to(ground.actor).filter(state__in=states).count()
        page = reverse("jobs")
        return Figure(say(label), wordforms.number(found), say("件"), page, say("看后台任务"))

    return told


def _rights(
    label: str, count: Callable[[Ground], int], unit: str = "项"
) -> Callable[[Ground], Figure]:
    def told(ground: Ground) -> Figure:
        page = reverse("rights")
        return Figure(say(label), wordforms.number(count(ground)), say(unit), page, say("看权限"))

    return told


def _log(label: str, count: Callable[[Ground], int]) -> Callable[[Ground], Figure]:
    def told(ground: Ground) -> Figure:
        page = reverse("log")
        return Figure(say(label), wordforms.number(count(ground)), say("条"), page, say("看日志"))

    return told


_FIGURES: Mapping[str, Callable[[Ground], Figure | None]] = {
    "missed": _missed,
    "lacking": _lacking,
    "unclear": _unclear,
    "behind": _behind,
    "records": _records,
    "faults": _faults,
    "todo": _work("todo", "待我办理"),
    "overdue": _work("overdue", "已超期的办理事项"),
    "waiting": _work("waiting", "等待他人办理"),
    "own_missed": _own("not_met", "未达标的标准"),
    "own_met": _own("met", "已达标的标准"),
    "own_unknown": _own("unknown", "数据不足的标准"),
    "plans": _plans,
    "provisions": _provisions,
    "measured": _measured,
    "accounts": _accounts,
    "failed_jobs": _jobs("未完成的后台任务", "failed"),
    "open_jobs": _jobs("进行中的后台任务", "waiting", "running"),
    "grants": _rights("现行授权", lambda ground: granted_on(ground.on).count()),
    "delegations": _rights("现行委托", lambda ground: delegated_on(ground.on).count()),
    "endings": _rights("本月到期的授权", lambda ground: ending_within_month(ground.on).count()),
    "events_today": _log("今日操作记录", lambda ground: events_of_day(ground.on).count()),
    "openings_today": _log(
        "今日打开敏感信息的记录", lambda ground: openings_of_day(ground.on).count()
    ),
    "events": _log("全部操作记录", lambda ground: whole_log().count()),
}
