"""Files that come with a form, and files that go out again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpResponse

from qiangshi_web.filing.evidence import Brought

if TYPE_CHECKING:
    from qiangshi_web.kernel.actors import ActorRequest


def brought(request: ActorRequest) -> list[Brought]:
    """The files of the field `evidence`, as they came."""
    files = request.FILES.getlist("evidence")
    return [Brought(file.name or "", file.read()) for file in files]


def download(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file to keep, never shown by the browser itself; its name may be Chinese."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
