"""The page of a search, and the quick list beneath the field in the head of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from qiangshi_web.finding.queries import LONGEST, search
from qiangshi_web.kernel.rights import for_all_signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from qiangshi_web.kernel.actors import ActorRequest

_QUICK = 5


@for_all_signed_in
def find(request: ActorRequest) -> HttpResponse:
    """What goes by `?q=`; the quick list alone where the field in the head asks."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    is_quick = request.htmx.target == "found"
    found = search(request.actor, text, most=_QUICK) if is_quick else search(request.actor, text)
    template = "finding/quick.html" if is_quick else "finding/find.html"
    response = render(request, template, {"text": text, "found": found})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
