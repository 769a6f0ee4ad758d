"""Ten thousand open cases on the worklist and through a day; a title round of 2,000 applicants.

Works on a SQLite file of its own. Prints JSON: seconds, queries with 100 and with 10,000 cases, and
that a draw repeated from its seed gives the same experts.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import django

from qiangshi.casework.panels import Conflicts, Tie, same_school, seat_panel
from qiangshi.casework.rounds import Entry, Quota, Ranking, allot

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 1, 5, tzinfo=UTC)
TODAY, LATE = date(2026, 1, 5), date(2026, 6, 1)
MANY, FEW = 10_000, 100
APPLICANTS, EXPERTS, SEATS, SCHOOLS = 2_000, 300, 7, 120


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long it takes once, and what it gives."""
    start = perf_counter()
    given = work()
    return round(perf_counter() - start, 3), given


def title_round() -> dict[str, Any]:
    """Draw a panel for everybody, score, rank within quotas; then draw again from the seed."""
    random = Random(7)
    applicants = [f"P{number:05}" for number in range(APPLICANTS)]
    experts = [f"E{number:04}" for number in range(EXPERTS)]
    everybody = applicants + experts
    schools = {one: f"S{random.randrange(SCHOOLS):03}" for one in everybody}
    ties = [Tie(random.choice(applicants), random.choice(experts), "kin") for _ in range(3000)]
    conflicts = Conflicts([*same_school(schools, experts), *ties])

    def drawn() -> dict[str, tuple[str, ...]]:
        return {
            one: seat_panel(
                experts, SEATS, applicant=one, conflicts=conflicts, seed="2026-title", purpose=one
            ).experts
            for one in applicants
        }

    draw_seconds, panels = seconds(drawn)
    entries = [
        Entry(
            case=one,
            score=sum(random.randint(60, 100) for _ in panels[one]) / SEATS,
            regions=(schools[one],),
            kind="senior",
            ties=(float(random.randint(1, 30)),),
        )
        for one in applicants
    ]
    quotas = [Quota(400), *(Quota(5, region=school) for school in sorted({*schools.values()}))]
    rank_seconds, ranked = seconds(
        lambda: allot(entries, quotas, Ranking(("years",), 70, "2026-title"))
    )
    return {
        "applicants": APPLICANTS,
        "experts": EXPERTS,
        "seconds_draw": draw_seconds,
        "seconds_rank": rank_seconds,
        "seconds_round": round(draw_seconds + rank_seconds, 3),
        "passed": len(ranked.passed),
        "same_from_the_seed": drawn() == panels,
    }


def fill(count: int, *, begin: int) -> None:
    """Open cases at one school's desk, past the verbs: only reading and ticking are measured."""
    from qiangshi.casework import jsonform
    from qiangshi.casework.standing import Event, rebuilt
    from qiangshi_web.casework.models import Ask, Case, CaseEvent
    from qiangshi_web.casework.norms import rules
    from qiangshi_web.contexts.people.models import Person

    people = [f"T{number:05}" for number in range(begin, begin + count)]
    Person.objects.bulk_create(
        [
            Person(person_id=one, name=f"教师{one}", organisation_id="S1", known_from=AT)
            for one in people
        ],
        batch_size=1000,
    )
    due = rules().workdays.after(TODAY, 10)
    begun = Event("begin", "begin", "", "draft", "x", "applicant", TODAY, payload={})
    sent = Event("move", "submit", "draft", "school", "x", "applicant", TODAY, due=due)
    standing = jsonform.told(rebuilt([begun, sent]))
    cases = Case.objects.bulk_create(
        [
            Case(
                type_key="qualification.periodic-registration",
                type_version=1,
                area="people",
                title=f"教师资格定期注册 · {one}",
                person_id=one,
                organisation_id="S1",
                opened_on=TODAY,
                place="school",
                since=TODAY,
                due=due,
                wakes_on=date(due.year, due.month, due.day + 1),
                events_seen=2,
                standing=standing,
            )
            for one in people
        ],
        batch_size=500,
    )
    Ask.objects.bulk_create([Ask(case=one, role="principal") for one in cases], batch_size=1000)
    CaseEvent.objects.bulk_create(
        [
            CaseEvent(
                case=case, number=number, at=AT, on=TODAY, name="x", verb=event.verb,
                body=jsonform.told(event),
            )
            for case in cases
            for number, event in enumerate((begun, sent), start=1)
        ],
        batch_size=1000,
    )  # fmt: skip


def measured() -> dict[str, Any]:
    """The worklist with few and with many cases, and two ticks of the same day."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from qiangshi_web.casework.actions import tick
    from qiangshi_web.casework.pages.worklist import rows_for
    from qiangshi_web.kernel.actors import Actor, Area, Holding
    from tests.web.records.factories import school

    school("S1")
    reach = Holding("principal", "校长", "S1", "S1", "S1/", frozenset({Area.PEOPLE}))
    actor = Actor(user_id=None, name="校长", person_id="", holdings=(reach,))
    found: dict[str, Any] = {}
    for count, begin in ((FEW, 0), (MANY - FEW, FEW)):
        fill(count, begin=begin)
        with CaptureQueriesContext(connection) as captured:
            took, rows = seconds(lambda: rows_for(actor, TODAY))
        found[f"worklist_{len(rows)}"] = {"seconds": took, "queries": len(captured)}
    with CaptureQueriesContext(connection) as captured:
        took, done = seconds(lambda: tick(on=LATE, at=AT))
    found["tick"] = {"seconds": took, "escalated": done["escalated"], "queries": len(captured)}
    again, done = seconds(lambda: tick(on=LATE, at=AT))
    found["tick_again"] = {"seconds": again, "escalated": done["escalated"]}
    return found


def main() -> None:
    """Measure and print JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "qiangshi_web.settings.test"
        os.environ["QIANGSHI_TEST_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(json.dumps({"round": title_round(), **measured()}, indent=1))


if __name__ == "__main__":
    main()
