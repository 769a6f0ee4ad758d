"""The addresses below `/api/v1/`, each bearing the right that its operations declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, Throttled

from qiangshi.errors import QiangshiError
from qiangshi_web.api.opening import RIGHTS
from qiangshi_web.api.operations import router

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

VERSION = "1.0.0"
_DESCRIPTION = "按条款看队伍：规划、机构、测算结果、教职工、办件、数据导入。"

api = NinjaAPI(
    title="强师 Qiangshi",
    version=VERSION,
    description=_DESCRIPTION,
    docs_url=None,  # its page would load programs from elsewhere
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("", router)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, _error: Exception) -> HttpResponse:
    """401."""
    response = _problem(request, 401, "未登录，或令牌无效、已到期、已收回")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(PermissionDenied)
def refused(request: HttpRequest, _error: Exception) -> HttpResponse:
    """403."""
    return _problem(request, 403, "没有此项权限")


@api.exception_handler(Http404)
def nothing(request: HttpRequest, _error: Exception) -> HttpResponse:
    """404."""
    return _problem(request, 404, "没有该内容，或不在您的范围之内")


@api.exception_handler(Throttled)
def too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    """429."""
    response = _problem(request, 429, "请求过于频繁，请稍后再试")
    response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(QiangshiError)
def stopped(request: HttpRequest, error: QiangshiError) -> HttpResponse:
    """409: every ground."""
    grounds = [one.text_zh for one in getattr(error, "grounds", ()) if hasattr(one, "text_zh")]
    return _problem(request, 409, str(error), grounds)


def _problem(
    request: HttpRequest, status: int, detail: str, grounds: list[str] | None = None
) -> HttpResponse:
    told: dict[str, Any] = {"detail": detail, "grounds": grounds or []}
    return api.create_response(request, told, status=status)


def addresses() -> tuple[list[Any], str, str]:
    """Patterns of every operation. Who is not known is answered 401 here, not sent to the door."""
    found: tuple[list[Any], str, str] = api.urls
    patterns, app, namespace = found
    for pattern in patterns:
        view = pattern.callback
        view.login_required = False
        if pattern.name in RIGHTS:
            view.right = RIGHTS[pattern.name]
    return patterns, app, namespace
