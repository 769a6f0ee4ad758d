"""One's own data: what is kept and why, a copy, what else may be asked, and who is told of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from qiangshi.policy.privacy import LAW
from qiangshi_web.filing.queries import person_in_scope
from qiangshi_web.filing.sight import sight_of_person
from qiangshi_web.identity.queries import User
from qiangshi_web.identity.roles import AREA_LABELS
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import APART, Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.rights import for_all_signed_in, requires
from qiangshi_web.kernel.tables import Column, Table
from qiangshi_web.privacy.copying import WRITERS, copies_of, file_of, order_copy
from qiangshi_web.privacy.queries import Held, areas_of, erasures_of, held_of, purposes, readers_of
from qiangshi_web.signon.actions import withdraw_consent
from qiangshi_web.signon.queries import agreed_to, directories_telling_of
from qiangshi_web.signon.telling import tell_platforms

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from qiangshi.policy.privacy import Purpose
    from qiangshi_web.jobs.queries import Job
    from qiangshi_web.kernel.actors import ActorRequest

_WORDS = {"lasting": "长期", "consent": "至本人撤回同意", "open": "待核实"}


@for_all_signed_in
def personal_information(request: ActorRequest) -> HttpResponse:
    """The rules of processing: what is kept for which purpose, on what basis, who may read it."""
    rows = [Held(one, ()) for one in purposes().values()]
    table = Table(
        name="purposes",
        caption=say("个人信息处理规则"),
        columns=_columns(),
        rows=rows,
        style="wordy",
    )
    return answer(request, "privacy/rules.html", tables=[table], context={})


@requires(Area.OWN)
def own_information(request: ActorRequest) -> HttpResponse:
    """What is kept of oneself, and what one may ask for. Raises Http404 without a file."""
    person = person_in_scope(request.actor, request.actor.person_id)
    if person is None:
        raise Http404
    held = held_of(person, sight_of_person(request.actor, person))
    count: Column[Held] = Column(
        key="count", label="条数", kind="number", value=lambda row: _number(row.count)
    )
    first, *others = _columns()
    table = Table(
        name="held",
        caption=say("所保存的个人信息"),
        columns=(first, count, *others),
        rows=held,
        style="wordy",
    )
    user_id = request.actor.user_id or 0
    context: dict[str, Any] = {
        "person": person,
        "copies": [_copy(one) for one in copies_of(request.actor)],
        "agreed": {one.platform_id: one for one in reversed(agreed_to(user_id))}.values(),
        "directories": directories_telling_of(user_id),
        "erasures": erasures_of(request.actor),
        "import_days": settings.QIANGSHI_IMPORT_FILE_DAYS,
    }
    return answer(request, "privacy/own.html", tables=[table], context=context)


def _number(count: int | None) -> float | None:
    return None if count is None else float(count)


def _columns() -> tuple[Column[Held], ...]:
    return (
        Column(key="purpose", label="类别", value=lambda row: pick(row.purpose.label)),
        Column(key="what", label="内容", value=lambda row: pick(row.purpose.what)),
        Column(key="basis", label="处理依据", value=lambda row: _basis(row.purpose)),
        Column(key="retention", label="保管期限", value=lambda row: retention_of(row.purpose)),
        Column(key="areas", label="范围", value=lambda row: _areas(row.purpose)),
        Column(key="readers", label="可查看的岗位", value=lambda row: _readers(row.purpose)),
    )


def _basis(purpose: Purpose) -> str:
    return say(
        "{why}（{law}{clause}）",
        why=pick(purpose.basis.why),
        law=pick(LAW),
        clause=pick(purpose.basis.clause),
    )


def retention_of(purpose: Purpose) -> str:
    """How long something is kept, and by which document."""
    told = purpose.retention
    long = say("{years}年", years=told.years) if told.years else say(_WORDS[told.kind])
    return long if told.source is None else f"{long} · {pick(told.source)}"


def _areas(purpose: Purpose) -> str:
    apart = say("（敏感）")
    told = (say(AREA_LABELS[one]) + (apart if one in APART else "") for one in areas_of(purpose))
    return say("、").join(told)


def _readers(purpose: Purpose) -> str:
    return say("、").join(say(role.label) for role in readers_of(purpose))


def _copy(job: Job) -> dict[str, Any]:
    key = job.arguments["key"]
    kinds = [kind for kind in WRITERS if job.state == "done" and file_of(key, kind).is_file()]
    return {"job": job, "key": key, "kinds": kinds}


@require_POST
@requires(Area.OWN)
def own_copy(request: ActorRequest) -> HttpResponse:
    """Have a copy made; one that is being made already is not made twice. Raises Http404."""
    if person_in_scope(request.actor, request.actor.person_id) is None:
        raise Http404
    made = next((one for one in copies_of(request.actor) if one.is_open), None)
    made = made or order_copy(actor=request.actor, at=clock.now())
    return HttpResponseRedirect(reverse("job", args=[made.pk]))


@requires(Area.OWN)
def own_copied(request: ActorRequest, key: str, kind: str) -> HttpResponseBase:
    """A file of a copy of one's own; anybody else's is not there."""
    own = copies_of(request.actor).filter(arguments__key=key, state="done")
    if kind not in WRITERS or not own.exists() or not file_of(key, kind).is_file():
        raise Http404
    name = quote(f"{say('我的个人信息')}-{request.today:%Y%m%d}.{kind}", safe="")
    response = FileResponse(file_of(key, kind).open("rb"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@requires(Area.OWN)
def end_consent(request: ActorRequest, platform_id: str) -> HttpResponse:
    """A platform is told nothing more; one that was never agreed to is not there."""
    agreed = agreed_to(request.actor.user_id or 0).filter(platform__platform_id=platform_id).first()
    if agreed is None or not isinstance(request.user, User):
        raise Http404
    withdraw_consent(agreed.platform, user=request.user, actor=request.actor, at=clock.now())
    issuer = request.build_absolute_uri("/").rstrip("/")
    transaction.on_commit(lambda: tell_platforms(issuer=issuer, at=clock.now()))
    messages.success(request, say("已撤回对“{name}”的同意", name=agreed.platform.name))
    return HttpResponseRedirect(reverse("own-information"))
