"""Keeps what is typed into forms, through a time-out and a sign-in, until it was sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from qiangshi_web.desk.actions import drop_draft, keep_draft
from qiangshi_web.desk.kept_forms import forms_in, with_kept
from qiangshi_web.desk.queries import drafts_of
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, QueryDict

    from qiangshi_web.desk.kept_forms import Fields
    from qiangshi_web.desk.models import Draft
    from qiangshi_web.kernel.actors import ActorRequest

TOKEN = "kept_form"
UNFILLED = "unkept"
_SALT = "desk.drafts"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TO_THE_DOOR = {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}
_NOT_KEPT = {TOKEN, "csrfmiddlewaretoken"}
_OF_SECRETS = ("/account/", "/identity/", "/sign-in/")  # codes and factors are not kept


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose form it is, which one, and the page on which it stands."""

    user_id: int
    form: str
    page: str


class FormsAreKept:
    """Marks every form that is kept, fills in what was kept, and forgets it once it was sent.

    The mark names the account and is signed: what arrives after a time-out, or with a stale token
    against forgery, is still kept, for the account that the form was shown to and for no other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = _mark(request)
        response = self.get_response(request) if mark is None else self._sent(request, mark)
        return _marked(cast("ActorRequest", request), response)

    def _sent(self, request: HttpRequest, mark: Mark) -> HttpResponse:
        if request.user.pk != mark.user_id:
            keep_draft(mark.user_id, mark.form, _fields(request.POST), at=clock.now())
            response = self.get_response(request)
            is_sent_to_door = (
                response.status_code in _TO_THE_DOOR and not request.user.is_authenticated
            )
            return redirect_to_login(mark.page) if is_sent_to_door else response
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST or request.path == reverse("draft"):
            keep_draft(mark.user_id, mark.form, _fields(request.POST), at=clock.now())
        else:
            drop_draft(mark.user_id, mark.form)
        return response


def _mark(request: HttpRequest) -> Mark | None:
    """What a request carries of a form of ours; None where it carries nothing."""
    if request.method != "POST" or request.content_type not in _FORMS:
        return None
    try:
        return Mark(*signing.loads(request.POST.get(TOKEN, ""), salt=_SALT))
    except signing.BadSignature:
        return None


def _fields(sent: QueryDict) -> Fields:
    return {name: [*values] for name, values in sent.lists() if name not in _NOT_KEPT}


def _marked(request: ActorRequest, response: HttpResponse) -> HttpResponse:
    user_id = request.actor.user_id
    if user_id is None or not _is_page(response) or request.path.startswith(_OF_SECRETS):
        return response
    html = response.content.decode()
    forms = [(form, form.key(request.path)) for form in forms_in(html)]
    if not forms:
        return response
    kept: dict[str, Draft] = {}
    if request.method == "GET" and UNFILLED not in request.GET:
        kept = drafts_of(user_id, [key for _, key in forms], on=request.today)
    told = [
        (form, _markup(Mark(user_id, key, request.path), kept.get(key)), _values(kept.get(key)))
        for form, key in forms
    ]
    response.content = with_kept(html, told, reverse("draft")).encode()
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))
    return response


def _is_page(response: HttpResponse) -> bool:
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and not response.has_header("Content-Encoding")


def _values(draft: Draft | None) -> Fields | None:
    return None if draft is None else cast("Fields", json.loads(draft.fields))


def _markup(mark: Mark, draft: Draft | None) -> str:
    token = signing.dumps([mark.user_id, mark.form, mark.page], salt=_SALT)
    hidden = format_html('<input type="hidden" name="{}" value="{}">', TOKEN, token)
    said = format_html(
        '<p class="kept soft small" role="status" data-kept-words="{}"></p>', say("草稿已保存")
    )
    if draft is not None:
        words = say(
            "已恢复 {at} 尚未提交的内容。", at=f"{timezone.localtime(draft.kept_at):%m-%d %H:%M}"
        )
        said = format_html(
            '<p class="kept note small" role="status" data-kept-words="{}">{}'
            ' <a href="?{}=1">{}</a></p>',
            say("草稿已保存"), words, UNFILLED, say("不用草稿"),
        )  # fmt: skip
    return hidden + said
