"""What stands in the head of every page: only what the actor's roles open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from qiangshi_web.kernel.actors import NOBODY, Area
from qiangshi_web.kernel.addresses import address
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qiangshi_web.kernel.actors import Actor


_WITHIN = {
    "work": "home",
    "notices": "home",
    "rounds": "cases",
    "ethics": "cases",
    "balance": "boards",
    "compare": "boards",
    "groups": "boards",
    "scenarios": "what-ifs",
    "people": "roster",
    "duplicates": "roster",
}
"""First part of an address → the page of the head that it belongs to."""
_OF_ONES_OWN = frozenset({"own", "records", "ask", "corrections", "opened"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A link in the head."""

    label: str
    url: str
    is_current: bool


def in_templates(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation` and `is_demo`."""
    actor: Actor = getattr(request, "actor", NOBODY)
    links = _links(actor)
    urls = [url for _, url in links]
    current = next((url for url in urls if url != "/" and request.path.startswith(url)), "")
    if not current:
        current = request.path if request.path in urls else _over(actor, request.path)
    entries = [Entry(label, url, url == current) for label, url in links]
    return {"navigation": entries, "is_demo": settings.QIANGSHI_IS_DEMO}


def _over(actor: Actor, path: str) -> str:
    """The link under which a page stands that is none of them itself; empty where none is."""
    first = path.split("/")[1]
    if first in _OF_ONES_OWN and actor.person_id and actor.may_see(Area.OWN):
        return address("person", actor.person_id)
    return address(_WITHIN[first]) if first in _WITHIN else ""


def _links(actor: Actor) -> list[tuple[str, str]]:
    links = []
    if actor.holdings:
        links.append((say("首页"), address("home")))
    if any(map(actor.may_see, (Area.OWN, Area.FIGURES, Area.PLANS))):
        links.append((say("办件"), address("cases")))
    if actor.may_see(Area.OWN) and actor.person_id:
        links.append((say("我的档案"), address("person", actor.person_id)))
    if actor.may_see(Area.PLANS):
        links.append((say("规划"), address("plans")))
    if actor.may_see(Area.FIGURES):
        links.append((say("差距看板"), address("boards")))
        links.append((say("假设测算"), address("what-ifs")))
        links.append((say("机构"), address("organisations")))
        links.append((say("数据质量"), address("qualities")))
    if actor.may_see(Area.PEOPLE):
        links.append((say("教职工"), address("roster")))
    if actor.may_see(Area.RECORDS):
        links.append((say("更正申请"), address("corrections")))
        links.append((say("数据导入"), address("imports")))
    if actor.may_see(Area.PLANS):
        links.append((say("方案库"), address("policies")))
    if actor.may_see(Area.ACCOUNTS):
        links.append((say("代看"), address("sights")))
        links.append((say("锁定的账号"), address("locks")))
    if actor.may_see(Area.SECURITY):
        links.append((say("授权管理"), address("grants")))
    if actor.may_see(Area.LOG):
        links.append((say("操作日志"), address("log")))
    return links
