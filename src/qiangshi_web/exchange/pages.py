"""Importing, step by step on one page; and who is whom, side by side."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from qiangshi.datacheck.answering import result_name
from qiangshi.datacheck.cells import half_width
from qiangshi.datacheck.importing import CheckedFile
from qiangshi.datacheck.profiles import Mapping, profile_ids
from qiangshi.datacheck.profiles.mapping import targets_of
from qiangshi.errors import QiangshiError
from qiangshi_web.contexts.organisations.queries import Organisation, home_of
from qiangshi_web.contexts.organisations.queries import visible_to as organisations_visible_to
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.exchange import actions
from qiangshi_web.exchange.findings import findings, findings_table, row_of, rows_in_brief
from qiangshi_web.exchange.folders import checked_of, folder_of, result_of
from qiangshi_web.exchange.formats import profile_named
from qiangshi_web.exchange.models import (
    CHECKED,
    CHECKING,
    PREVIEWED,
    RECEIVED,
    UNDOING,
    UNDONE,
    WRITING,
    WRITTEN,
)
from qiangshi_web.exchange.previewing import suggested
from qiangshi_web.exchange.queries import ImportFile, open_questions, visible_to
from qiangshi_web.jobs.pages import progress_of
from qiangshi_web.jobs.queries import Job
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.answers import answer
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.records import Ground, Refused
from qiangshi_web.kernel.registry import vocabulary
from qiangshi_web.kernel.rights import requires
from qiangshi_web.kernel.tables import Column, Table

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from qiangshi_web.exchange.queries import IdentityQuestion
    from qiangshi_web.kernel.actors import ActorRequest

_SHOWN = 500
_STEPS = {
    RECEIVED: "preview-import",
    CHECKING: "check-import",
    WRITING: "write-import",
    UNDOING: "undo-import",
}
_WORDS = {
    "received": "正在读取",
    "previewed": "待核对表头",
    "checking": "正在检查",
    "checked": "待写入",
    "writing": "正在写入",
    "written": "已写入",
    "undoing": "正在撤销",
    "undone": "已撤销",
    "refused": "未受理",
    "dropped": "已放弃",
}


@requires(Area.RECORDS)
def imports(request: ActorRequest) -> HttpResponse:
    """Hand a file in, and see what became of those before."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            file = _taken(request)
        except Refused as refused:
            problems = [ground.text_zh for ground in refused.grounds]
        else:
            return HttpResponseRedirect(reverse("import", args=[file.pk]))
    rows = list(visible_to(request.actor)[:_SHOWN])
    table = Table(name="imports", caption=say("导入记录"), columns=_columns(), rows=rows)
    context = {
        "problems": problems,
        "home": home_of(request.actor, Area.RECORDS),
        "today": request.today.isoformat(),
        "on": request.POST.get("on") or request.today.isoformat(),
        "where": request.POST.get("organisation", ""),
    }
    page = answer(request, "exchange/imports.html", tables=[table], context=context)
    page.status_code = 422 if problems else page.status_code
    return page


def _taken(request: ActorRequest) -> ImportFile:
    """The file handed in. Raises Refused with every ground."""
    content, place, on = request.FILES.get("file"), _place(request), _day(request)
    if content is not None and place is not None and on is not None:
        return actions.hand_in(
            content, organisation=place, on=on, actor=request.actor, at=clock.now()
        )
    grounds = []
    if content is None:
        grounds.append(Ground(say("请选择要导入的文件"), "file"))
    if place is None:
        where = request.POST.get("organisation", "").strip()
        said = say("您的管理范围内没有编码或名称为“{where}”的机构，请核对", where=where)
        grounds.append(Ground(said, "organisation"))
    if on is None:
        grounds.append(Ground(say("数据日期应是今天或以前的日期"), "on"))
    raise Refused(grounds)


def _place(request: ActorRequest) -> Organisation | None:
    """By its code or its name; where nothing is said, the highest in reach."""
    where = request.POST.get("organisation", "").strip()
    if not where:
        return home_of(request.actor, Area.RECORDS)
    found = organisations_visible_to(request.actor, Area.RECORDS)
    named = list(found.filter(Q(pk=half_width(where)) | Q(name=where))[:2])
    return named[0] if len(named) == 1 else None


def _day(request: ActorRequest) -> date | None:
    """The day of the data; None where it is no day, or has not come yet."""
    try:
        on = date.fromisoformat(request.POST.get("on") or request.today.isoformat())
    except ValueError:
        return None
    return on if on <= request.today else None


def _columns() -> tuple[Column[ImportFile], ...]:
    return (
        Column(
            key="name",
            label="文件",
            value=lambda file: file.name,
            link=lambda file: reverse("import", args=[file.pk]),
            filter="contains",
        ),
        Column(
            key="place", label="机构", value=lambda file: file.organisation.name, filter="contains"
        ),
        Column(key="state", label="状态", value=state_in_words, filter="choice"),
        Column(
            key="rows", label="行数", kind="number", value=lambda file: file.summary.get("read")
        ),
        Column(key="bad", label="有误", kind="number", value=lambda file: file.summary.get("bad")),
        Column(key="by", label="提交人", value=lambda file: file.handed_in_by, filter="choice"),
        Column(
            key="on",
            label="提交日期",
            kind="date",
            value=lambda file: localdate(file.handed_in_at),
        ),
    )


def state_in_words(file: ImportFile) -> str:
    """The state as people read it."""
    return say(_WORDS[file.state])


@requires(Area.RECORDS)
def import_file(request: ActorRequest, file_id: int) -> HttpResponse:
    """One import: what was found, what is wrong with it, what can be done now."""
    file = get_object_or_404(visible_to(request.actor), pk=file_id)
    found = Job.objects.filter(pk=file.job_id).first()
    works = file.state in _STEPS and found is not None and found.is_open
    context: dict[str, Any] = {
        "file": file,
        "state": state_in_words(file),
        "works": works,
        "stuck": file.state in _STEPS and not works,
        "job": found,
        "is_gone": file.state not in _STEPS and not folder_of(file).is_dir(),
        "questions": _questions(file),
        "can_all": not file.summary.get("faults") and not file.summary.get("held"),
        **(progress_of(found) if found is not None and works else {}),
    }
    if request.htmx.target == "import-step":
        response = render(request, "exchange/step.html", context)
        if not works:
            response["HX-Refresh"] = "true"
        return response
    if file.state == PREVIEWED:
        context |= _mapping(request, file)
    tables = [findings_table(findings(file))] if _has_findings(file) else []
    return answer(request, "exchange/import.html", tables=tables, context=context)


def _has_findings(file: ImportFile) -> bool:
    kept = file.state in {CHECKED, WRITING, WRITTEN, UNDONE} and checked_of(file).is_dir()
    return kept and bool(file.summary.get("faults") or file.summary.get("held"))


def _questions(file: ImportFile) -> list[IdentityQuestion]:
    return list(open_questions(file)) if file.state == CHECKED else []


def _mapping(request: ActorRequest, file: ImportFile) -> dict[str, Any]:
    """The form in which people say what each heading means, filled in as far as one can tell."""
    sheets = [sheet for sheet in file.preview["sheets"] if not sheet["is_hidden"]]
    sheet = next((s for s in sheets if s["table"] is None), None) or (sheets or [None])[0]
    if sheet is None:
        return {"sheets": []}
    given = request.GET.get("as", "")
    said = Mapping.from_text(file.mapping) if file.mapping else None
    profile_id, _, table_id = given.partition(":")
    if not table_id:
        profile_id, table_id = file.profile, sheet["table"] or ""
        if said is not None:
            profile_id, table_id = said.profile, said.table
    context: dict[str, Any] = {
        "sheets": sheets,
        "mapped": sheet,
        "said": said,
        "tables_offered": _tables_offered(),
        "as_chosen": f"{profile_id}:{table_id}",
    }
    if profile_id not in profile_ids() or not table_id:
        return context
    profile = profile_named(profile_id, vocabulary=vocabulary())
    table = profile.by_id.get(table_id)
    if table is None:
        return context
    headers = list(dict.fromkeys(c["header"] for c in sheet["columns"] if c["header"]))
    before = dict(said.targets) if said is not None and said.table == table_id else {}
    meant = suggested(headers, profile=profile, table=table_id, vocabulary=vocabulary())
    context["columns"] = [
        {"header": header, "chosen": next(iter(before.get(header) or meant.get(header) or ()), "")}
        for header in headers
    ]
    context["targets"] = [
        (name, label) for name, (label, _) in sorted(targets_of(profile, table).items())
    ]
    return context


def _tables_offered() -> list[tuple[str, str, str]]:
    offered = []
    for profile_id in profile_ids():
        profile = profile_named(profile_id, vocabulary=vocabulary())
        offered += [
            (f"{profile_id}:{table.id}", pick(profile.label), pick(table.label))
            for table in profile.tables
        ]
    return offered


@requires(Area.RECORDS)
@require_POST
def act_on_import(request: ActorRequest, file_id: int) -> HttpResponse:
    """The next step: check, map, write, undo, drop; what does not fit the state does nothing."""
    file = get_object_or_404(visible_to(request.actor), pk=file_id)
    act = request.POST.get("act", "")
    job = Job.objects.filter(pk=file.job_id).first()
    by: dict[str, Any] = {"actor": request.actor, "at": clock.now()}
    if file.state in _STEPS and act == "again" and (job is None or not job.is_open):
        actions.begin(file, _STEPS[file.state], state=file.state, **by)
    elif file.state == PREVIEWED and act == "map":
        actions.map_columns(file, _said(request, file), **by)
        actions.begin(file, "check-import", state=CHECKING, **by)
    elif file.state in {PREVIEWED, CHECKED} and act == "check":
        actions.begin(file, "check-import", state=CHECKING, **by)
    elif file.state == CHECKED and act == "write" and file.summary.get("good"):
        actions.begin(file, "write-import", state=WRITING, **by)
    elif file.state == WRITTEN and act == "undo":
        actions.begin(file, "undo-import", state=UNDOING, **by)
    elif file.state in {PREVIEWED, CHECKED} and act == "drop":
        actions.drop(file)
    return HttpResponseRedirect(reverse("import", args=[file.pk]))


def _said(request: ActorRequest, file: ImportFile) -> Mapping:
    profile_id, _, table_id = request.POST.get("as", "").partition(":")
    names = request.POST.getlist("header")
    meant = request.POST.getlist("target")
    if profile_id not in profile_ids() or not table_id or len(names) != len(meant):
        raise Http404
    targets = tuple(
        (header, (target,) if target else ()) for header, target in zip(names, meant, strict=True)
    )
    mapping = Mapping(profile_id, table_id, targets)
    try:
        mapping.apply(profile_named(profile_id, vocabulary=vocabulary()))
    except QiangshiError as error:
        raise Http404 from error
    return mapping


@requires(Area.RECORDS)
def import_result(request: ActorRequest, file_id: int) -> HttpResponseBase:
    """The file as it comes back, in its own layout, with what became of each row."""
    file = get_object_or_404(visible_to(request.actor), pk=file_id)
    if not result_of(file).is_file():
        raise Http404
    checked = CheckedFile.load(checked_of(file))
    name = result_name(checked)
    response = FileResponse(result_of(file).open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Area.RECORDS)
def identity_question(request: ActorRequest, file_id: int, question_id: int) -> HttpResponse:
    """Whether somebody in a row is somebody on record: side by side, same or different."""
    file = get_object_or_404(visible_to(request.actor), pk=file_id)
    asked = get_object_or_404(file.questions, pk=question_id)
    problem = ""
    if request.method == "POST" and file.state == CHECKED and not asked.answer:
        try:
            actions.answer(
                asked, request.POST.get("answer", ""), actor=request.actor, at=clock.now()
            )
        except Refused as refused:
            problem = str(refused)
        else:
            following = open_questions(file).first()
            if following is not None:
                return HttpResponseRedirect(
                    reverse("identity-question", args=[file.pk, following.pk])
                )
            return HttpResponseRedirect(reverse("import", args=[file.pk]))
    context = {
        "file": file,
        "asked": asked,
        "problem": problem,
        "sides": rows_in_brief(row_of(file, asked), _other(request, file, asked)),
        "left": open_questions(file).count(),
    }
    return render(request, "exchange/question.html", context)


def _other(request: ActorRequest, file: ImportFile, asked: IdentityQuestion) -> dict[str, Any]:
    """The one who is meant: another row, or somebody on record as far as one may see her."""
    if not asked.person_id:
        return row_of(file, asked, row=asked.other_row)
    person = Person.objects.filter(pk=asked.person_id).select_related("organisation").first()
    if person is None:
        return {}
    places = organisations_visible_to(request.actor, Area.RECORDS)
    near = person.organisation is None or places.filter(pk=person.organisation_id).exists()
    place: Organisation | None = person.organisation
    told = {"姓名": person.name, "性别": person.sex, "出生日期": person.born_on}
    if near:
        told["所在机构"] = None if place is None else place.name
        told["教师编号"] = person.pk
    else:
        told["所在机构"] = "（其他单位）"
    return told
