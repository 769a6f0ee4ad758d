"""Where the SCIM server reads and writes: directory entries over accounts."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone
from scim2_models import (
    InvalidFilterException,
    Meta,
    NotFoundException,
    PreconditionFailedException,
    ScimFilter,
    SearchRequest,
    TooManyException,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage

from qiangshi_web.signon.actions import close_entry, keep_entry
from qiangshi_web.signon.queries import entries_for, name_is_taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from django.db.models import QuerySet
    from scim2_models import Resource, ResourceType, ResponseParameters

    from qiangshi_web.signon.models import DirectoryEntry, DirectoryToken

_INDEXED = {
    "id": "entry_id",
    "username": "name_key",
    "displayname": "name_key",
    "externalid": "external_id",
}
_WALK_MOST = 50_000
"""Entries that a filter without an index, or a sort, may look at."""


class AccountDirectory(ScimStorage):
    """The entries that a token reaches."""

    def __init__(
        self,
        token: DirectoryToken,
        model_of: Callable[[ResourceType], type[Resource[Any]]],
    ) -> None:
        self.token = token
        self.model_of = model_of

    def operation(self) -> AbstractContextManager[None]:
        """One SCIM operation is one transaction."""
        return transaction.atomic()

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """The entry as a resource. Raises NotFoundException."""
        return self._shown(self._entry(resource_type, resource_id), resource_type)

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        """A page of the entries that match, and their number.

        A comparison with `eq` of id, userName, displayName or externalId uses an index, and so
        does paging without filter and order; anything else walks. Raises TooManyException.
        """
        types = {str(found.name): found for found in resource_types}
        entries = entries_for(self.token, list(types))
        start = search_request.start_index_0 or 0
        stop = None if search_request.count is None else start + search_request.count
        asked = search_request.filter
        if asked is None and search_request.sort_by is None:
            rows = [self._shown(entry, types[entry.kind]) for entry in entries[start:stop]]
            return SearchPage(entries.count(), rows)
        found = self._ordered(list(self._walk(entries, types, asked)), search_request)
        return SearchPage(len(found), found[start:stop])

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """A new entry, and for a user a new account without any role."""
        entry = self._kept(resource_type, resource, entry_id=uuid.uuid4().hex, expected=None)
        return self._shown(entry, resource_type)

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        """The entry as it shall be from now on. Raises as `ScimStorage.update` says."""
        entry_id = str(resource.id)
        self._check(self._entry(resource_type, entry_id), expected_version)
        entry = self._kept(resource_type, resource, entry_id=entry_id, expected=expected_version)
        return self._shown(entry, resource_type)

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        """The entry goes; the account of a user is closed, and stays in the record."""
        entry = self._entry(resource_type, resource_id)
        self._check(entry, expected_version)
        close_entry(entry, token=self.token, at=timezone.now())

    # --- entries and resources -----------------------------------------------------------------

    def _entry(self, resource_type: ResourceType, entry_id: str) -> DirectoryEntry:
        found = entries_for(self.token, [str(resource_type.name)]).filter(entry_id=entry_id).first()
        if found is None:
            raise NotFoundException(detail=f"{resource_type.name} {entry_id!r} not found")
        return found

    def _shown(self, entry: DirectoryEntry, resource_type: ResourceType) -> Resource[Any]:
        told: dict[str, Any] = {**entry.document, "id": entry.entry_id}
        if entry.user is not None:
            told["userName"] = entry.user.username
            if entry.token_id is None:  # nobody but we tell of this account
                told.setdefault("displayName", entry.user.name)
                told["active"] = True
            if "active" in told:
                told["active"] = entry.user.is_active
        elif entry.kind == "Group":
            told["displayName"] = entry.name
        if entry.external_id:
            told["externalId"] = entry.external_id
        resource = self.model_of(resource_type).model_validate(told)
        resource.meta = Meta(
            resource_type=resource_type.name,
            created=entry.created_at,
            last_modified=entry.changed_at,
            version=_version(entry),
        )
        return resource

    def _kept(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        entry_id: str,
        expected: str | None,
    ) -> DirectoryEntry:
        told = resource.model_dump()
        for ours in ("id", "meta", "password", "groups"):
            told.pop(ours, None)
        kind = str(resource_type.name)
        name = str(told.get("userName" if kind == "User" else "displayName") or "")
        if kind == "User" and name_is_taken(name, but_for=entry_id):
            raise UniquenessException
        return keep_entry(
            kind=kind, entry_id=entry_id, name=name, told=told, token=self.token, at=timezone.now()
        )

    @staticmethod
    def _check(entry: DirectoryEntry, expected: str | None) -> None:
        if expected is not None and expected != _version(entry):
            raise PreconditionFailedException

    # --- searching -------------------------------------------------------------------------------

    def _walk(
        self,
        entries: QuerySet[DirectoryEntry],
        types: dict[str, ResourceType],
        asked: ScimFilter[Any] | None,
    ) -> Iterator[Resource[Any]]:
        narrowed = _narrowed(entries, asked)
        if narrowed.count() > _WALK_MOST:
            raise TooManyException
        filters: dict[str, ScimFilter[Any]] = {}
        for entry in narrowed.iterator(chunk_size=1000):
            resource = self._shown(entry, types[entry.kind])
            if asked is None:
                yield resource
                continue
            if entry.kind not in filters:
                filters[entry.kind] = _bound(asked, type(resource))
            if filters[entry.kind].match(resource):
                yield resource

    @staticmethod
    def _ordered(
        found: list[Resource[Any]], search_request: SearchRequest[Any]
    ) -> list[Resource[Any]]:
        if search_request.sort_by is None:
            return found

        def place(resource: Resource[Any]) -> tuple[bool, Any, str]:
            value = search_request.sort_value(resource)
            return value is None, "" if value is None else value, str(resource.id)

        descending = search_request.sort_order == SearchRequest.SortOrder.descending
        return sorted(found, key=place, reverse=descending)


def _version(entry: DirectoryEntry) -> str:
    return f'W/"{entry.version}"'


def _narrowed(
    entries: QuerySet[DirectoryEntry], asked: ScimFilter[Any] | None
) -> QuerySet[DirectoryEntry]:
    """By an index, where the filter is one comparison that has one."""
    node = None if asked is None else asked.ast
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq:
        return entries
    column = _INDEXED.get(str(node.attr_path).rpartition(":")[2].casefold())
    if column is None or not isinstance(node.value, str):
        return entries
    if column == "name_key":
        return entries.filter(name_key=node.value.casefold())
    return entries.filter(**{column: node.value})


def _bound(asked: ScimFilter[Any], model: type[Resource[Any]]) -> ScimFilter[Any]:
    """A filter at the root knows no model yet."""
    if asked.models:
        return asked
    try:
        bound: ScimFilter[Any] = cast("Any", ScimFilter)[model](str(asked))
    except ValueError as wrong:
        raise InvalidFilterException from wrong
    return bound
