"""Every read of platforms, their sessions, and first passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from qiangshi_web.signon.models import FirstPassword, Platform, PlatformSession

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qiangshi_web.kernel.actors import Actor


def must_change_password(user_id: int) -> bool:
    """Whether somebody else chose the account's password."""
    return FirstPassword.objects.filter(user_id=user_id).exists()


def platforms_in_force(on: date) -> QuerySet[Platform]:
    """The platforms that are open on a day, in their order."""
    return Platform.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on
    ).select_related("client")


def platforms_for(actor: Actor, on: date) -> list[Platform]:
    """The platforms that the actor's roles open."""
    held = {holding.role for holding in actor.holdings}
    return [
        platform
        for platform in platforms_in_force(on)
        if held and (not platform.roles or held & set(platform.roles))
    ]


def platform_of_client(client_id: str, on: date) -> Platform | None:
    """The open platform that calls itself so."""
    return platforms_in_force(on).filter(client_id=client_id).first()


def went_on_before(client_id: str, user_id: int) -> bool:
    """Whether the user has agreed to be told of to the platform."""
    return PlatformSession.objects.filter(platform__client_id=client_id, user_id=user_id).exists()


def latest_session(client_id: str, user_id: int) -> PlatformSession | None:
    """The session in which the user last went on to the platform."""
    return (
        PlatformSession.objects.filter(
            platform__client_id=client_id, user_id=user_id, ended_at=None
        )
        .order_by("-began_at", "-pk")
        .first()
    )


def untold_sessions() -> QuerySet[PlatformSession]:
    """Sessions that ended here and of whose end the platform has not heard yet."""
    return (
        PlatformSession.objects.filter(ended_at__isnull=False, told_at=None)
        .exclude(platform__back_channel_logout_uri="")
        .select_related("platform__client")
        .order_by("pk")
    )
