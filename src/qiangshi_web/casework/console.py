"""What `qiangshi casework` asks of the application: the declared types, their world, and time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django
from django.apps import apps

if TYPE_CHECKING:
    from datetime import date, datetime

    from qiangshi.casework.kinds import CaseType
    from qiangshi.casework.numbers import Norms
    from qiangshi.casework.soundness import World

_SETTINGS = "DJANGO_SETTINGS_MODULE"
_ANY = "qiangshi_web.settings.base"  # only which types there are is asked


@dataclass(frozen=True)
class Desk:
    """The application's answers."""

    kinds: list[CaseType]
    norms: Norms
    roles: dict[str, str]
    sources: dict[str, str]

    def world(self, on: date) -> World:
        """What the types may refer to."""
        from qiangshi_web.casework.norms import world

        return world(on)

    def successions(self) -> list[str]:
        """Faults of declared successions."""
        from qiangshi.casework.soundness import succession_problems
        from qiangshi_web.casework.registry import declarations, successions

        types = {(one.kind.key, one.kind.version): one.kind for one in declarations()}
        return [fault for one in successions() for fault in succession_problems(one, types)]

    def differences(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Type → plan → what sets the variant apart."""
        from qiangshi_web.casework.registry import declarations, differences

        return {one.kind.key: differences(one) for one in declarations() if one.variants}

    def tick(self, on: date, at: datetime) -> dict[str, int]:
        """Let time pass on the installation's database, and send what waits."""
        from dataclasses import asdict

        from qiangshi_web.casework.actions import tick
        from qiangshi_web.desk.actions import deliver

        return asdict(tick(on=on, at=at)) | {"delivered": deliver(at=at)}


def desk() -> Desk:
    """Sets Django up where nobody has."""
    if not apps.ready:
        os.environ.setdefault(_SETTINGS, _ANY)
        django.setup()
    from qiangshi_web.casework.norms import role_names, rules
    from qiangshi_web.casework.registry import declarations, kinds

    return Desk(
        kinds=kinds(),
        norms=rules().norms,
        roles=role_names(),
        sources={one.kind.key: one.source for one in declarations()},
    )
