"""The assessment as records of its own, for plans that set targets for data quality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from qiangshi.datacheck.quality.assessing import WRONG
from qiangshi.datacheck.tables import arrow_schema

if TYPE_CHECKING:
    from qiangshi.datacheck.quality.assessing import Assessment
    from qiangshi.policy.vocabulary import Vocabulary

RELATION = "data_quality_result"


def as_results(assessment: Assessment, *, vocabulary: Vocabulary) -> pa.Table:
    """Rows of `data_quality_result`: what was checked at each organisation itself, without those
    below it. Faulty are rows that are not valid or not consistent, missing those that are not
    complete, stale those that are not current."""
    ids = assessment.organisations.ids
    join: Any = pc.binary_join_element_wise
    count = len(ids)
    stated: dict[str, Any] = {
        "data_quality_result_id": join(ids, f"{assessment.on:%Y%m%d}", "-"),
        "organisation_id": ids,
        "checked_on": pa.array([assessment.on] * count, pa.date32()),
        "records": pa.array(assessment.rows),
        "faulty_records": pa.array(assessment.faulty[WRONG]),
        "missing_records": pa.array(assessment.faulty["complete"]),
        "stale_records": pa.array(assessment.faulty["current"]),
    }
    schema = arrow_schema(vocabulary.relations[RELATION])
    return pa.Table.from_arrays([stated[name] for name in schema.names], schema=schema)
