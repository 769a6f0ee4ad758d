"""The plan language as JSON Schema, for editors that check while one types."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter

from qiangshi.policy.carriers import Catalogue
from qiangshi.policy.loading import ITEM_FILES
from qiangshi.policy.models import ITEM_KINDS, Clause, PlanHead, Provision
from qiangshi.policy.vocabulary import CodeList, Measure, Relation, Unit

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schemas() -> dict[str, dict[str, Any]]:
    """File name of the policy folder → JSON Schema of that file."""
    lists: dict[str, type[BaseModel]] = {
        "clauses.yaml": Clause,
        "provisions.yaml": Provision,
        "units.yaml": Unit,
        "codes.yaml": CodeList,
        "measures.yaml": Measure,
        "relations.yaml": Relation,
    }
    lists |= {ITEM_FILES[kind]: model for kind, model in ITEM_KINDS.items()}
    schemas = {name: TypeAdapter(list[model]).json_schema() for name, model in lists.items()}  # type: ignore[valid-type]
    schemas["plan.yaml"] = PlanHead.model_json_schema()
    schemas["catalogue.yaml"] = Catalogue.model_json_schema()
    return {name: {"$schema": DIALECT, **schema} for name, schema in sorted(schemas.items())}
