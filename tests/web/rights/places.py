"""What stands in an address: for each parameter's name, a value in the cast's own county.

A new page needs nothing here while its parameters have names that are known. A page of a library,
which cannot say what it requires at its head, is told in `OF_LIBRARIES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.identity.models import Grant
from qiangshi_web.kernel.rights import Right
from tests.web.casework.filed import REGISTRATION, everything

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.cast import Cast

OF_LIBRARIES: Mapping[str, Right | None] = {
    # Prefix of the route's name → its right; None: for the public.
    "mfa_": Right(()),
    "sign-out": Right(()),
    "account_login": None,
    "account_inactive": None,
    "account_": Right(()),
    "idp:oidc:": None,
}

PLACED = {
    "organisation_id", "person_id", "file_id", "job_id", "case_id", "round_id", "grant_id",
    "group_name",
}  # fmt: skip
"""Parameters that name something in a county: elsewhere there is no such thing."""


def own_places(cast: Cast) -> dict[str, Any]:
    """Parameter → what it names in the cast's own county."""
    filed = everything(cast)
    return {
        "plan_id": "jiyuan-2021",
        "reference": "standard:class-hours-five-years",
        "organisation_id": cast.school,
        "person_id": cast.teacher,
        "file_id": cast.file,
        "job_id": cast.job,
        "case_id": filed["case"],
        "document_id": filed["document"],
        "number": filed["decision"],
        "round_id": filed["round"],
        "grant_id": Grant.objects.get(user__username="qian").pk,
        "sight_id": 10**9,  # of nobody, as the next
        "session_id": 10**9,  # of nobody: who ended her own would be gone
        "ledger": "person",
        "relation": "organisation",
        "column": "name",
        "group_name": cast.group,
        "key": cast.teacher,
        "verb": "correct",
        "token": "no-such-link",
        "platform_id": "no-such-platform",
        "relation_id": "person",
        "kind": "csv",
    }


NARROWER = {"add-to-person", "duplicates", "half-year"}
"""Routes that refuse some whom their head lets in, by what is sent there."""

EXACT: Mapping[str, Mapping[str, Any]] = {
    # Where a route means something else by a parameter's name.
    "case-type": {"key": REGISTRATION},
    "case-flow": {"key": REGISTRATION},
    "case-new": {"key": REGISTRATION},
    "duplicate": {"key": "1"},
    "correction": {"number": 1},
    "evidence": {"number": 1, "file": 1},
    "add-to-person": {"ledger": "honour"},
    "add-to-organisation": {"ledger": "mechanism"},
    "suggest": {"column": "organisation_id"},
}
"""Route → parameters."""
