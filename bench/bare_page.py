"""What Django alone takes for a page: one list of 25 persons, its own middleware, a signed-in user.

The same database, the same account, the same server program; no actor, no rights, no language, no
navigation. It is what the pages of the application are compared with.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"

import django
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import path

if TYPE_CHECKING:
    from django.http import HttpRequest

django.setup()

_ROWS = 25
_PAGE = engines["django"].from_string(
    "<!doctype html><html lang=zh><title>名册</title><h1>{{ user.name }}</h1><table>"
    "{% for row in rows %}<tr><td>{{ row.person.name }}</td><td>{{ row.organisation.name }}</td>"
    "<td>{{ row.stage }}</td><td>{{ row.subject }}</td><td>{{ row.title_rank }}</td></tr>"
    "{% endfor %}</table></html>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """A session, its user, and one query with two joins."""
    from qiangshi_web.contexts.people.queries import PersonState

    rows = PersonState.objects.select_related("person", "organisation").order_by("pk")[:_ROWS]
    return HttpResponse(_PAGE.render({"rows": rows, "user": request.user}, request))


urlpatterns = [path("", bare)]
application = get_wsgi_application()
