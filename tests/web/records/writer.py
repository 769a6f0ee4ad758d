"""A clerk in a process of its own: `python -m tests.web.records.writer SCHOOL DAY PERSON ...`.

For each person, says "ready", waits for a line, employs her at the school from the day on, and says
whether she was taken or why not.
"""

from __future__ import annotations

import sys
from datetime import date

import django


def main() -> None:
    django.setup()
    from qiangshi_web.contexts.people.models import Employment
    from qiangshi_web.kernel.records import Refused, record
    from tests.web.records.factories import TOLD

    school, day, *people = sys.argv[1:]
    since = date.fromisoformat(day)
    for person in people:
        print("ready", flush=True)
        sys.stdin.readline()
        values = {"person_id": person, "organisation_id": school, "valid_from": since}
        try:
            record(Employment, values, **TOLD)
        except Refused as refused:
            print("refused", refused, flush=True)
        else:
            print("taken", flush=True)


if __name__ == "__main__":
    main()
