"""A reviewer in a process of her own: `python -m tests.web.casework.reviewer CASE SAW ...`.

For each case, says "ready", waits for a line, endorses it, and says whether she was in time.
"""

from __future__ import annotations

import sys

import django


def main() -> None:
    django.setup()
    from qiangshi.casework.grounds import Refused
    from qiangshi_web.casework.actions import act_on
    from qiangshi_web.kernel.actors import Actor, Area, Holding
    from tests.web.casework.filed import AT, TODAY

    reach = Holding("principal", "校长", "S1", "S1", "S1/", frozenset({Area.PEOPLE}))
    actor = Actor(user_id=None, name=sys.argv[1], person_id="", holdings=(reach,))
    for number in sys.argv[2:]:
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            act_on(int(number), verb="move", key="endorse", actor=actor, on=TODAY, at=AT, saw=2)
        except Refused as refused:
            print("refused", refused, flush=True)
        else:
            print("done", flush=True)


if __name__ == "__main__":
    main()
