"""The matrix of rights for everybody to read, and one's own grants, to hand on for a period."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from qiangshi_web.identity.actions import delegate, revoke_grant
from qiangshi_web.identity.queries import User, delegations_by, grants_in_force
from qiangshi_web.identity.roles import AREA_LABELS, LETTERS, LEVEL_LABELS, ROLES, letters
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import say
from qiangshi_web.kernel.rights import for_all_signed_in
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiangshi_web.identity.roles import Role
    from qiangshi_web.kernel.actors import ActorRequest, Area


def levels_in_words(role: Role, area: Area) -> str:
    """What the role may do in the area; a dash where it is closed."""
    held = [say(LEVEL_LABELS[LETTERS[letter]]) for letter in letters(role, area)]
    return "·".join(held) or "–"


def _level(area: Area) -> Callable[[Role], str]:
    return lambda role: levels_in_words(role, area)


def _factor(role: Role) -> str:
    return say("必须") if role.needs_second_factor else "–"


def matrix() -> Table[Role]:
    """Roles down, areas across."""
    areas = (
        Column(key=area.value, label=label, value=_level(area))
        for area, label in AREA_LABELS.items()
    )
    return Table(
        name="rights",
        caption=say("权限矩阵"),
        columns=(
            Column(key="role", label="角色", value=lambda one: say(one.label)),
            *areas,
            Column(key="factor", label="两步验证", value=_factor),
        ),
        rows=list(ROLES.values()),
    )


@for_all_signed_in
def rights(request: ActorRequest) -> HttpResponse:
    """The matrix, what one holds oneself, and what one has handed on."""
    return _shown(request, [])


def _shown(request: ActorRequest, problems: list[str]) -> HttpResponse:
    context = {"problems": problems, "typed": request.POST, **_held(request)}
    response = answer(request, "identity/rights.html", tables=[matrix()], context=context)
    if problems:
        response.status_code = 422
    return response


def _held(request: ActorRequest) -> dict[str, Any]:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    grants = list(grants_in_force(user, request.today))
    return {
        "grants": [(grant, ROLES[grant.role].label) for grant in grants],
        "delegable": [
            (grant, ROLES[grant.role].label)
            for grant in grants
            if grant.delegated_from_id is None and ROLES[grant.role].is_delegable
        ],
        "delegations": [
            (grant, ROLES[grant.role].label) for grant in delegations_by(user.pk, request.today)
        ],
    }


@require_POST
@for_all_signed_in
def delegate_right(request: ActorRequest) -> HttpResponse:
    """Hand one of one's grants on for a period."""
    told = request.POST
    try:
        delegate(
            _whole(told.get("grant", "")),
            to=told.get("to", "").strip(),
            organisation_id=told.get("organisation", "").strip(),
            valid_from=_day(told.get("valid_from", "")),
            valid_to=_day(told.get("valid_to", "")),
            actor=request.actor,
            at=clock.now(),
            reason=told.get("reason", "").strip(),
        )
    except ValidationError as error:
        return _shown(request, error.messages)
    return HttpResponseRedirect(reverse("rights"))


@require_POST
@for_all_signed_in
def end_delegation(request: ActorRequest, grant_id: int) -> HttpResponse:
    """End what one has handed on, at once; anybody else's is not there."""
    own = delegations_by(request.actor.user_id or 0, request.today)
    grant = get_object_or_404(own, pk=grant_id)
    reason = request.POST.get("reason", "").strip()
    revoke_grant(grant, actor=request.actor, at=clock.now(), reason=reason)
    return HttpResponseRedirect(reverse("rights"))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(say("日期应写作2026-01-31")) from error
