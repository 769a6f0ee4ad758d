"""What `qiangshi casework` asks of the application: the declared types, their world, and time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import django
from django.apps import apps

from qiangshi.casework.soundness import succession_problems
from qiangshi.casework.variants import difference

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.numbers import Norms
    from qiangshi.casework.soundness import World

_SETTINGS = "DJANGO_SETTINGS_MODULE"
_ANY = "qiangshi_web.settings.base"  # only which types there are is asked


@dataclass(frozen=True)
class Desk:
    """The application's answers. `sources` and `differences` go by key of the type; `world` is what
    types may refer to on a day, `successions` are the faults of those declared.
    """

    kinds: list[CaseType]
    norms: Norms
    roles: dict[str, str]
    sources: dict[str, str]
    successions: list[str]
    differences: dict[str, dict[str, tuple[str, ...]]]
    world: Callable[[date], World]

    def tick(self, on: date, at: datetime) -> dict[str, int]:
        """Let time pass on the installation's database, and send what waits."""
        from qiangshi_web.casework.actions import tick
        from qiangshi_web.desk.actions import deliver

        return {**tick(on=on, at=at), "delivered": deliver(at=at)}


def desk() -> Desk:
    """Sets Django up where nobody has."""
    if not apps.ready:
        os.environ.setdefault(_SETTINGS, _ANY)
        django.setup()
    from qiangshi_web.casework.norms import role_names, rules, world
    from qiangshi_web.casework.registry import declarations, kinds, successions

    declared, apart = declarations(), partial(difference, roles=role_names())
    types = {(one.kind.key, one.kind.version): one.kind for one in declared}
    return Desk(
        kinds=kinds(),
        norms=rules().norms,
        roles=role_names(),
        sources={one.kind.key: one.source for one in declared},
        successions=[fault for one in successions() for fault in succession_problems(one, types)],
        differences={
            one.kind.key: {plan: apart(one.kind, kind) for plan, kind in one.variants.items()}
            for one in declared
        },
        world=world,
    )
