"""What Django alone takes for a page: one list of 25 persons, for a user who has signed in.

What `startproject` gives, and no more: its middleware and its context processors, a page that
extends a layout with a style sheet, one link, the name of the user, the messages and a form to sign
out. Three queries: the session, the user, the list, which joins two tables. The same database
with the same settings of its connections, the same account, the same server program as the
application; no actor, no rights, no language, no navigation. It is what the pages are compared
with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.shortcuts import render
from django.urls import path

from qiangshi_web.contexts.people.queries import PersonState

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_ROWS = 25


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The first persons of the record, with where they work."""
    rows = PersonState.objects.select_related("person", "organisation").order_by("pk")[:_ROWS]
    return render(request, "list.html", {"rows": rows})


urlpatterns = [path("", listed, name="list"), path("out/", LogoutView.as_view(), name="sign-out")]
