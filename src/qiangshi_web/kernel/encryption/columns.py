"""Which columns are sealed."""

from __future__ import annotations

from django.apps import apps

from qiangshi_web.kernel.encryption.fields import SealedText
from qiangshi_web.kernel.registry import registers


def sealed_columns() -> list[SealedText]:
    """Every sealed column of the application."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedText)
    ]


def sealed_in(relation: str) -> list[str]:
    """The sealed columns of a relation."""
    found = registers().get(relation)
    if found is None:
        return []
    fields = {
        one.id: found.holder(one.id)._meta.get_field(one.id) for one in found.relation.columns
    }
    return [name for name, field in fields.items() if isinstance(field, SealedText)]
