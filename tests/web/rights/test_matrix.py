"""Every address × every role × own county, another county, not signed in: as declared, or it fails.

The walk asks the application for its routes. What a page requires stands at its head; here stands
only what follows from it: no right is 403, the right role in another county finds nothing (404)
where the address names something, everybody else gets an answer, and the public gets the door.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.queries import Person
from qiangshi_web.identity.actions import grant_role, open_account
from qiangshi_web.identity.demo_cast import CAST
from qiangshi_web.identity.models import User
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel import clock
from qiangshi_web.kernel.rights import Right, right_of
from tests.web.rights.places import EXACT, NARROWER, OF_LIBRARIES, PLACED, own_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from tests.cast import Cast

_PHRASE = "kq7m-32xd-mmpa-9vte"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Route:
    """An address of the application, and what opens it."""

    name: str
    pattern: str
    parameters: tuple[str, ...]
    right: Right | None
    is_public: bool
    is_of_a_library: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether the address names something that lies in a county."""
        placed = {"key"} if self.name in {"fact", "edit-fact", "ask-correction"} else set()
        return bool({*self.parameters} & (PLACED | placed))

    def address(self, places: dict[str, Any]) -> str:
        """The address of what lies in the cast's own county."""
        values = {**places, **EXACT.get(self.name, {})}
        told = {name: str(values.get(name, "1")) for name in self.parameters}
        return "/" + self.pattern % told


def routes() -> list[Route]:
    """Every route, once."""
    found = {route.pattern: route for route in _walk(get_resolver(), "", "")}
    return list(found.values())


def _walk(resolver: URLResolver, before: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, before + _template(entry)[0], inner)
            continue
        template, parameters = _template(entry)
        whole = {*_names(before), *parameters}
        yield _route(f"{namespace}{entry.name}", before + template, tuple(whole), entry)


def _route(name: str, pattern: str, parameters: tuple[str, ...], entry: URLPattern) -> Route:
    right, is_public = right_of(entry.callback), False
    if right is None:
        is_public = getattr(entry.callback, "login_required", True) is False
        told = next((OF_LIBRARIES[one] for one in OF_LIBRARIES if name.startswith(one)), _NOTHING)
        if not isinstance(told, str):
            return Route(name, pattern, parameters, told, told is None, is_of_a_library=True)
    return Route(name, pattern, parameters, right, is_public)


_NOTHING = "nothing is said of it"


def _template(entry: URLPattern | URLResolver) -> tuple[str, list[str]]:
    from django.urls.resolvers import RoutePattern

    if isinstance(entry.pattern, RoutePattern):
        text = str(entry.pattern)
        names = list(entry.pattern.converters)
        for name, converter in entry.pattern.converters.items():
            for form in (f"<{name}>", *(f"<{kind}:{name}>" for kind in _KINDS)):
                text = text.replace(form, f"%({name})s")
            assert f"%({name})s" in text, f"expected a known converter, got {converter}"
        return text, names
    return str(entry.pattern).lstrip("^").rstrip("$").replace("\\", ""), []


_KINDS = ("str", "int", "path", "slug", "uuid")


def _names(template: str) -> list[str]:
    return [part.partition(")")[0] for part in template.split("%(")[1:]]


def outcome(response: HttpResponse) -> str:
    """What an answer amounts to: a door, a refusal, nothing, or an opened page."""
    if response.status_code == 302 and response["Location"].startswith("/sign-in/"):
        return "door"
    kinds = {401: "door", 403: "refused", 404: "nothing", 405: "not offered", 429: "opened"}
    if response.status_code >= 500:
        return f"broken {response.status_code}"
    return kinds.get(response.status_code, "opened")


def _somebody_at(unit: str) -> str:
    """A teacher of another county."""
    place = Organisation.objects.get(pk=unit).path
    return str(Person.objects.filter(organisation__path__startswith=place).earliest("pk").pk)


@pytest.fixture
def clients(cast: Cast) -> dict[tuple[str, str], Client]:
    """(Role, county) → a browser in which somebody of that role has signed in."""
    found = {}
    own = {part.role: part.username for part in reversed(CAST) if part.place != "other_unit"}
    for role in ROLES:
        user = User.objects.get(username=own[role])
        twin = open_account(username=f"{role}-2", name="另一县区", password=_PHRASE)
        grant_role(user=twin, role=role, organisation_id=cast.other_unit, valid_from=clock.today())
        if role == "teacher":
            twin.person_id = _somebody_at(cast.other_unit)
            twin.save()
        for county, who in (("own", user), ("other", twin)):
            found[role, county] = Client(raise_request_exception=False)
            found[role, county].force_login(who, _BACKEND)
    found["nobody", "own"] = Client(raise_request_exception=False)
    return found


def test_every_route_says_what_opens_it() -> None:
    silent = [route.name for route in routes() if route.right is None and not route.is_public]

    assert silent == [], "say @requires(…), @for_all_signed_in or @login_not_required at its head"


def expected(route: Route, role: str, county: str) -> set[str]:
    """What the declaration makes of a request."""
    if route.is_public:
        return {"opened", "nothing", "door", "refused", "not offered"}
    if role == "nobody":
        return {"door"}
    right = route.right
    assert right is not None
    holds = not right.areas or any(
        right.level in ROLES[role].levels.get(area, ()) for area in right.areas
    )
    if not holds:
        return {"refused"}
    if county == "other" and route.is_placed:
        return {"nothing"}
    answers = {"opened"}
    if route.parameters or route.is_of_a_library:
        answers.add("nothing")
    if route.name in NARROWER or route.is_of_a_library:
        answers.add("refused")
    return answers


def asked(route: Route) -> Iterator[tuple[str, str, str]]:
    """Method, role and county of every request that the route is tried with."""
    if route.pattern in _LEAVING:
        return
    for method in ("get", "post"):
        yield method, "nobody", "own"
        if route.is_public:
            continue
        for role in ROLES:
            yield method, role, "own"
            if method == "get" or route.is_placed:
                yield method, role, "other"


_LEAVING = {"sign-out/", "account/out/"}  # whoever goes there is not signed in afterwards


@pytest.mark.filterwarnings("ignore")
def test_every_route_opens_as_declared(
    cast: Cast, clients: dict[tuple[str, str], Client], capsys: pytest.CaptureFixture[str]
) -> None:
    places = own_places(cast)
    wrong: list[str] = []
    counted: Counter[str] = Counter()
    not_offered: set[tuple[str, str]] = set()
    logging.disable(logging.CRITICAL)
    for route in routes():
        address = route.address(places)
        for method, role, county in asked(route):
            if (route.pattern, method) in not_offered:
                continue
            found = outcome(getattr(clients[role, county], method)(address))
            counted[found] += 1
            if found == "not offered":
                not_offered.add((route.pattern, method))
            elif found not in expected(route, role, county):
                wrong.append(f"{method} {address} as {role}/{county}: {found}")
    logging.disable(logging.NOTSET)
    with capsys.disabled():
        print(f"\n{len(routes())} routes × {len(ROLES)} roles: {counted.total()} {dict(counted)}")

        if wrong:
            print("\n".join(wrong))

    assert not wrong
