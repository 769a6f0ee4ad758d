"""Cases of ethics with the cast: Jin inquires, Wei hears and reviews, Sun and Zheng decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiangshi_web.casework.actions import open_case
from qiangshi_web.casework.models import Case
from qiangshi_web.contexts.ethics.actions import receive_report
from qiangshi_web.contexts.organisations.queries import Organisation
from qiangshi_web.contexts.people.queries import Person
from tests.web.casework.filed import AT, TODAY, move

if TYPE_CHECKING:
    from tests.cast import Cast

MISCONDUCT, REPORT = "ethics.misconduct-case", "ethics.report"
REPORTER = "钱多多 13800000000"
FOUND: dict[str, Any] = {
    "kind": "paid_tutoring",
    "facts": "暑期在校外给本班学生有偿补课八次",
    "evidence": "转账记录、四名家长的说明",
    "sanction": "warning",
    "is_serious": False,
    "barred_months": None,
    "leader": None,
    "leader_duty": None,
}


def name_of(person_id: str) -> str:
    return str(Person.objects.get(pk=person_id).name)


def told(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What a reporter of Li writes."""
    return {
        "school": Organisation.objects.get(pk=cast.school).name,
        "about": name_of(cast.teacher),
        "kind": "paid_tutoring",
        "happened_on": None,
        "told": "假期里收钱补课，我家孩子也去了",
        "source": "parent",
        "person": None,
    } | changes


def reported(cast: Cast, *, contact: str = "", **changes: Any) -> tuple[Case, str]:
    """A report of Li and the code that its reporter holds."""
    school = Organisation.objects.get(pk=cast.school)
    code = receive_report(told(cast, **changes), school=school, contact=contact, on=TODAY, at=AT)
    return Case.objects.filter(type_key=REPORT).latest("pk"), code


def accepted(cast: Cast, report: Case, person: str = "") -> Case:
    """The inquiry that a report leads to."""
    payload = told(cast, person=person or cast.teacher)
    move(cast, report, "jin", "accept", reason="有转账记录", payload=payload)
    return Case.objects.get(parent=report)


def begun(cast: Cast, person: str = "", who: str = "jin") -> Case:
    """An inquiry that an office begins of itself."""
    return open_case(
        MISCONDUCT,
        actor=cast.actor(who),
        on=TODAY,
        at=AT,
        payload={"kind": "paid_tutoring"},
        person_id=person or cast.teacher,
    )


def concluded(cast: Cast, case: Case, **changes: Any) -> Case:
    return move(cast, case, "jin", "conclude", payload=FOUND | changes)


def decided(cast: Cast, case: Case, **changes: Any) -> Case:
    """Concluded, accepted by her, decided by who may, and filed."""
    concluded(cast, case, **changes)
    move(cast, case, "li", "accept")
    by_school = (FOUND | changes)["sanction"] in {"criticism", "admonition", "circular"}
    move(cast, case, "jin", "to-school" if by_school else "to-bureau")
    move(cast, case, "sun" if by_school else "zheng", "decide", reason="集体研究决定")
    return move(cast, case, "jin", "file")
