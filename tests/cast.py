"""The cast: the same five people in every test of a page.

Zhao is the bureau's officer, Qian the officer of one central school, Sun a principal under it, Li
a teacher there who lacks hours. Zhou has Qian's role at *another* central school: what Qian may
see does not exist for him.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qiangshi_web.contexts.organisations.models import OrganisationMembership
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.exchange.actions import hand_in
from qiangshi_web.identity.queries import accounts, actor_for
from qiangshi_web.jobs.actions import Order, start
from qiangshi_web.jobs.declaring import JOBS
from qiangshi_web.kernel import clock

if TYPE_CHECKING:
    from qiangshi_web.kernel.actors import Actor

NAMES = ("zhao", "qian", "sun", "li", "zhou")


@dataclass(frozen=True)
class Cast:
    """Where the cast stands in the region of the tests."""

    region: str
    unit: str
    school: str
    other_unit: str
    teacher: str

    def signed_in(self, username: str) -> Client:
        """A browser in which that member of the cast has signed in; `nobody` has not."""
        client = Client()
        if username != "nobody":
            client.force_login(accounts([username])[0], _BACKEND)
        return client

    def actor(self, username: str) -> Actor:
        """That member of the cast, as queries see them."""
        return actor_for(accounts([username])[0], clock.today())

    @property
    def group(self) -> str:
        """A group of schools that all lie in the unit."""
        inside = OrganisationMembership.objects.filter(organisation__parent=self.unit)
        outside = OrganisationMembership.objects.exclude(organisation__parent=self.unit)
        names = inside.exclude(group_name__in=outside.values("group_name"))
        return str(names.values_list("group_name", flat=True).earliest("pk"))

    @property
    def job(self) -> int:
        """A job that Qian has just ordered for the unit."""
        qian = self.actor("qian")
        assert qian.main is not None
        order = Order(qian, scope=qian.main.path)
        return start(JOBS["forget-jobs"], {"on": "2025-12-31"}, order=order, at=_ORDERED).pk

    @property
    def file(self) -> int:
        """A file that Sun has handed in for his school; nobody has looked at it yet."""
        sun = self.actor("sun")
        upload = SimpleUploadedFile("名单.csv", "教师编号,姓名\n1,甲\n".encode())
        school = Organisation.objects.get(pk=self.school)
        taken = hand_in(upload, organisation=school, on=_ORDERED.date(), actor=sun, at=_ORDERED)
        return taken.pk


_ORDERED = datetime(2025, 12, 31, 9, tzinfo=UTC)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def find_cast() -> Cast:
    """The cast of the region that the database holds."""
    users = dict(zip(NAMES, accounts(NAMES), strict=True))
    place = {}
    for name, user in users.items():
        holding = actor_for(user, clock.today()).main
        assert holding is not None, f"expected a grant for {name}, got none"
        place[name] = holding.organisation_id
    return Cast(
        region=place["zhao"],
        unit=place["qian"],
        school=place["sun"],
        other_unit=place["zhou"],
        teacher=users["li"].person_id,
    )
