"""Every read of accounts and grants."""

from __future__ import annotations

from calendar import monthrange
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, DateField, Q

from qiangshi_web.contexts.organisations.queries import scope
from qiangshi_web.identity.models import Grant, User
from qiangshi_web.identity.roles import ROLES
from qiangshi_web.kernel.actors import NOBODY, Actor, Area, Holding
from qiangshi_web.kernel.compiled import Compiled, Given
from qiangshi_web.kernel.events import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

__all__ = [
    "BASELESS",
    "HOLDS",
    "LAPSED",
    "LATER",
    "REVOKED",
    "Grant",
    "User",
    "account_matching",
    "account_named",
    "accounts",
    "accounts_after",
    "accounts_of",
    "accounts_within",
    "actor_for",
    "delegated_on",
    "delegations_by",
    "ending_within_month",
    "events_of",
    "grant_of",
    "granted_on",
    "grants_within",
    "groups_in_force",
    "holders_above",
    "open_accounts",
    "people_with_accounts",
    "state_of",
    "states_on",
]

HOLDS, LATER, LAPSED, REVOKED, BASELESS = "holds", "later", "lapsed", "revoked", "baseless"
"""What a grant may be on a day; the last one was handed on and what it came from holds no more."""


def _lasts(on: date | Given, prefix: str = "") -> Q:
    open_or_later = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on})
    began = {f"{prefix}valid_from__lte": on, f"{prefix}revoked_at": None}
    return open_or_later & Q(**began)


def in_force(on: date | Given) -> Q:
    """Filter for grants that hold on a day; one that was delegated while its origin holds."""
    origin = _lasts(on, "delegated_from__") & Q(delegated_from__user__is_active=True)
    return _lasts(on) & (Q(delegated_from=None) | origin)


def grants_in_force(user: User | Given, on: date | Given) -> QuerySet[Grant]:
    """Grants of the user that hold on a day, each with its organisation."""
    return (
        Grant.objects.filter(in_force(on), user=user)
        .select_related("organisation", "delegated_from__user")
        .order_by("organisation__depth", "pk")
    )


def grant_of(user_id: int, grant_id: int, on: date) -> Grant | None:
    """A grant of that account's own that holds on the day."""
    return Grant.objects.filter(in_force(on), pk=grant_id, user_id=user_id).first()


def delegations_by(user_id: int, on: date) -> QuerySet[Grant]:
    """What the account has handed on and has not ended yet, the newest first."""
    lasting = Grant.objects.filter(
        delegated_from__user_id=user_id, valid_to__gte=on, revoked_at=None
    )
    return lasting.select_related("user", "organisation").order_by("-pk")


def grants_within(actor: Actor) -> QuerySet[Grant]:
    """Every grant, also those that ended, where the actor looks after rights; by place."""
    found = Grant.objects.filter(scope(actor, Area.SECURITY, prefix="organisation__"))
    told = found.select_related("user", "organisation", "delegated_from__user")
    return told.order_by("organisation__place", "role", "user__username", "pk")


def states_on(on: date) -> dict[str, Q]:
    """What a grant may be on a day, each with its rows: a partition."""
    holding = Grant.objects.filter(in_force(on)).values("pk")
    return {
        HOLDS: in_force(on),
        LATER: Q(revoked_at=None, valid_from__gt=on),
        LAPSED: Q(revoked_at=None, valid_to__lt=on),
        REVOKED: Q(revoked_at__isnull=False),
        BASELESS: _lasts(on) & ~Q(pk__in=holding),
    }


def state_of(grant: Grant, on: date) -> str:
    """What a grant is on a day: one of `states_on`."""
    if grant.revoked_at is not None:
        return REVOKED
    if grant.valid_from > on:
        return LATER
    if grant.valid_to is not None and grant.valid_to < on:
        return LAPSED
    origin = grant.delegated_from
    if origin is None or (origin.user.is_active and state_of(origin, on) == HOLDS):
        return HOLDS
    return BASELESS


def events_of(grant: Grant) -> QuerySet[Event]:
    """What was done to a grant, the first thing first."""
    return Event.objects.filter(relation="grant", key=str(grant.pk))


def accounts_within(actor: Actor, text: str, most: int) -> list[User]:
    """Open accounts that hold something where the actor looks after rights, by name or number."""
    held = scope(actor, Area.SECURITY, prefix="grants__organisation__")
    named = Q(username__istartswith=text) | Q(name__icontains=text)
    found = User.objects.filter(held, named, is_active=True).distinct()
    return list(found.order_by("username")[:most])


def granted_on(on: date) -> QuerySet[Grant]:
    """Every grant in force on a day, for who administers rights."""
    return Grant.objects.filter(in_force(on))


def delegated_on(on: date) -> QuerySet[Grant]:
    """Those of them that somebody handed on."""
    return granted_on(on).exclude(delegated_from=None)


def ending_within_month(on: date) -> QuerySet[Grant]:
    """Those of them that end before the month does."""
    last = on.replace(day=monthrange(on.year, on.month)[1])
    return granted_on(on).filter(valid_to__lte=last)


def open_accounts() -> QuerySet[User]:
    """Accounts that may sign in."""
    return User.objects.filter(is_active=True)


def actor_for(user: AbstractBaseUser | AnonymousUser, on: date) -> Actor:
    """Who acts when this account acts on that day. One query."""
    if not isinstance(user, User):
        return NOBODY
    holdings = tuple(_holding(*grant) for grant in _HOLDINGS.rows(user=user.pk, on=on))
    return Actor(user_id=user.pk, name=user.name, person_id=user.person_id, holdings=holdings)


def accounts(usernames: Sequence[str]) -> list[User]:
    """The accounts of those names, in the order of the names."""
    found = {user.username: user for user in User.objects.filter(username__in=usernames)}
    return [found[name] for name in usernames if name in found]


def account_matching(column: str, value: str) -> User | None:
    """The open account whose `username` or `person_id` is `value`."""
    if column not in ("username", "person_id") or not value:
        return None
    return User.objects.filter(is_active=True, **{column: value}).first()


def account_named(username: str) -> User | None:
    """The account of that name, open or not, whatever the case of the letters."""
    return User.objects.filter(username__iexact=username).first()


def accounts_after(pk: int, most: int) -> list[User]:
    """The next accounts in the order in which they were opened."""
    return list(User.objects.filter(pk__gt=pk).order_by("pk")[:most])


def groups_in_force(on: date) -> Iterator[tuple[str, str, str, str, list[int]]]:
    """Who holds which role where: path, organisation, its name, role, accounts; by place."""
    grants = (
        Grant.objects.filter(in_force(on), user__is_active=True)
        .order_by("organisation_id", "role", "user_id")
        .values_list(
            "organisation__path", "organisation_id", "organisation__name", "role", "user_id"
        )
    )
    for place, members in groupby(grants.iterator(), key=itemgetter(0, 1, 2, 3)):
        yield *place, [member[4] for member in members]


def accounts_of(person_ids: Collection[str]) -> list[int]:
    """The accounts of those persons."""
    return list(User.objects.filter(person_id__in=person_ids).values_list("pk", flat=True))


def people_with_accounts(person_ids: Collection[str]) -> set[str]:
    """Those of the persons who have an account, open or not."""
    known = User.objects.filter(person_id__in=person_ids)
    return set(known.values_list("person_id", flat=True))


def holders_above(path: str, role: str, on: date) -> list[str]:
    """Persons behind accounts that hold a role at a place of the tree or above it on a day."""
    above = path.strip("/").split("/")
    grants = Grant.objects.filter(in_force(on), role=role, organisation_id__in=above)
    people = grants.filter(user__is_active=True).exclude(user__person_id="")
    return sorted(set(people.values_list("user__person_id", flat=True)))


_OF_HOLDINGS = (
    "role", "organisation_id", "organisation__name", "organisation__path",
    "delegated_from__user__name",
)  # fmt: skip


_HOLDINGS = Compiled(
    lambda: grants_in_force(Given("user", BigIntegerField()), Given("on", DateField())).values_list(
        *_OF_HOLDINGS
    )
)


def _holding(
    role_id: str, organisation_id: str, name: str, path: str, delegated_by: str | None
) -> Holding:
    role = ROLES[role_id]
    return Holding(
        role=role.id,
        role_label=role.label,
        organisation_id=organisation_id,
        organisation_name=name,
        path=path,
        areas=role.areas,
        levels=role.levels,
        on_behalf_of=delegated_by or "",
    )
