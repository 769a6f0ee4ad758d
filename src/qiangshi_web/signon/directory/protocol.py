"""SCIM over HTTP: the library's protocol, our tokens and our entries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from scim2_models import (
    AuthenticationScheme,
    External,
    ForbiddenException,
    Reference,
    ScimProvider,
    UnauthorizedException,
)
from scim2_server.applications.base import BaseApplication
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.routing import Operation, Target
from scim2_server.service import ScimService
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

from qiangshi_web.signon.directory.storage import AccountDirectory
from qiangshi_web.signon.queries import token_shown

if TYPE_CHECKING:
    from django.http import HttpRequest
    from scim2_models import ResourceType

    from qiangshi_web.signon.models import DirectoryToken

_WRITING = {
    Operation.create,
    Operation.replace,
    Operation.patch,
    Operation.delete,
    Operation.bulk,
}
_LARGEST = 1_000_000  # bytes of a request


class Service(ScimService):
    """The protocol; writing needs a token that may."""

    def authorize(self, request: ScimRequest, target: Target, resource_type: ResourceType) -> None:
        """Raises ForbiddenException for a write with a reading token."""
        if target.operation in _WRITING and request.subject.power != "keep":
            raise ForbiddenException(detail="this token may only read")


class Application(BaseApplication):
    """Reads Django's requests."""

    def answer(self, request: ScimRequest) -> Any:
        """The response to a request, whatever became of it."""
        try:
            if self.needs_auth(request):
                request.subject = _bearer(request)
            storage = AccountDirectory(request.subject, self.service.get_model)
            response = ScimHandler(self.service, storage).handle(request)
        except Exception as wrong:
            response = self.handle_exception(request, wrong)
        return self.finalize_response(request, response)


def answered(request: HttpRequest, rest: str) -> HttpResponse:
    """The answer to a request for `rest`, an address below that of the directory."""
    base = request.build_absolute_uri(reverse("scim")).rstrip("/")
    asked = ScimRequest(
        method=request.method or "GET",
        base_url=base,
        path=BaseApplication.split_path(f"/{rest}"),
        query=request.GET.dict(),
        headers=dict(request.headers),
        body=_body(request),
    )
    answer = _application().answer(asked)
    if answer.body is None:
        response = HttpResponse(status=answer.status)
    else:
        response = JsonResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    return response


def _body(request: HttpRequest) -> bytes:
    """What was sent. The protocol knows no forms of pages, and those are read elsewhere."""
    return b"" if "form" in (request.content_type or "") else request.body[: _LARGEST + 1]


@cache
def _application() -> Application:
    provider = _provider()
    return Application(provider, Service(provider, secret=settings.SECRET_KEY))


def _provider() -> ScimProvider:
    config = load_default_service_provider_config()
    config.authentication_schemes = [
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="目录令牌",
            description="Bearer token issued by `qiangshi directory token`",
            spec_uri=Reference[External]("https://datatracker.ietf.org/doc/html/rfc6750"),
        )
    ]
    if config.change_password is not None:
        config.change_password.supported = False
    if config.pagination is not None:
        config.pagination.cursor = False
    return ScimProvider.from_discovery(
        load_default_schemas().values(), load_default_resource_types().values(), config=config
    )


def _bearer(request: ScimRequest) -> DirectoryToken:
    scheme, _, shown = (request.header("Authorization") or "").partition(" ")
    token = token_shown(shown) if scheme.casefold() == "bearer" else None
    if token is None:
        raise UnauthorizedException
    return token
