"""What an act amounts to: the event, or every ground against it. The one door into the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiangshi.casework.acts import ACTS
from qiangshi.casework.grounds import Ground, Refused, refuse
from qiangshi.casework.options import AFTER_END, VERBS, WHILE_SUSPENDED, may_fill
from qiangshi.casework.stepping import moved, open_step, require_role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qiangshi.casework.grounds import Finding
    from qiangshi.casework.kinds import CaseType, Move, Step
    from qiangshi.casework.standing import Event, Standing
    from qiangshi.casework.stepping import Act, Rules


def decide(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    """The event that an act amounts to. Raises Refused with every ground; changes nothing."""
    if act.saw is not None and act.saw != standing.events:
        raise refuse("该办件在此期间已由他人办理，请查看最新进展", cure="刷新页面后再决定是否办理")
    if act.verb not in AFTER_END:
        open_step(kind, standing)
    if standing.suspended and act.verb not in WHILE_SUSPENDED:
        raise refuse(f"该件自{standing.suspended}起中止", cure="恢复办理后再办")
    if act.verb == "move":
        return _move(kind, standing, act, rules)
    handler = ACTS.get(act.verb)
    if handler is None:
        raise refuse(f"没有“{act.verb}”这一操作")
    verb = VERBS[act.verb]
    if verb.reason and not act.reason.strip():
        raise refuse(f"{verb.label}须写明理由", field="reason")
    return handler(kind, standing, act, rules)


def _move(kind: CaseType, standing: Standing, act: Act, rules: Rules) -> Event:
    step = kind.step(standing.place)
    move = next((one for one in kind.moves_from(step.key) if one.key == act.key), None)
    if move is None:
        raise refuse(f"环节“{step.label}”没有“{act.key}”这一操作")
    require_role(move.by or step.by, act, f"“{step.label}”环节的“{move.label}”", rules)
    grounds = [*_early(standing, act), *_apart(kind, step, act)]
    if move.kind == "forward":
        grounds += [*_panel_grounds(step, standing, act, rules), *_parts_grounds(step, act)]
    if act.payload is not None and not may_fill(kind, standing, act.roles):
        grounds.append(Ground("所填内容只能由发起人在首个环节修改", cure="需要改动的，申请更正"))
    grounds += _findings_against(move, act.findings)
    # whoever decides although something is unknown says on what ground
    unknown = any(finding.verdict is None for finding in act.findings)
    if (move.reason or (unknown and move.decides)) and not act.reason.strip():
        grounds.append(Ground(f"“{move.label}”须写明理由", field="reason"))
    if grounds:
        raise Refused(grounds)
    return moved(kind, standing, move, act, rules)


def _early(standing: Standing, act: Act) -> Iterator[Ground]:
    """Whoever objects during publicity need not wait for its end."""
    if standing.opens and act.on < standing.opens and not act.detail.get("objection"):
        cure = "公示期满后再办，期间有异议的按异议办理"
        yield Ground(f"公示期未满，{standing.opens}起可办", cure=cure)


def _apart(kind: CaseType, step: Step, act: Act) -> Iterator[Ground]:
    for one in act.acted_at.intersection(step.apart_from):
        told = f"您办理过“{kind.step(one).label}”，不能再办理“{step.label}”"
        yield Ground(told, cure="由他人办理")


def _panel_grounds(step: Step, standing: Standing, act: Act, rules: Rules) -> Iterator[Ground]:
    if step.panel is not None:
        cited, given = rules.norms.find(step.panel.quorum, act.on), len(standing.scores)
        if given < cited.whole:
            told = f"已评分{given}人，未满{cited.whole}人"
            yield Ground(told, cited.source, "催办未评分专家，或更换后补评")


def _parts_grounds(step: Step, act: Act) -> Iterator[Ground]:
    if step.awaits and act.open_parts:
        told = f"尚有{act.open_parts}件下级办件未办结"
        yield Ground(told, cure="待下级办件全部办结后再办")


def _findings_against(move: Move, findings: tuple[Finding, ...]) -> list[Ground]:
    failed = [finding for finding in findings if finding.verdict is False]
    if move.when == "met":
        return [finding.as_ground() for finding in failed]
    if move.checks and not failed:
        return [Ground(f"没有可作“{move.label}”依据的情形", cure="各项条件均符合，应予通过")]
    return []
