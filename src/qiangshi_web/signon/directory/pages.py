"""Where platforms ask for the directory of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.csrf import csrf_exempt

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@csrf_exempt  # bearers of tokens have no cookies that another site could use
@login_not_required
def scim(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Everything below `/scim/v2/`."""
    # Its models take a second to load, and most processes are never asked.
    from qiangshi_web.signon.directory.protocol import answered

    return answered(request, rest)
