"""Every ledger by name: what it is about, where it stands in a career, who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from qiangshi_web.kernel.actors import Area
from qiangshi_web.kernel.language import pick, say
from qiangshi_web.kernel.records.facts import Fact
from qiangshi_web.kernel.records.rights import AREA_OF_OWNER
from qiangshi_web.kernel.records.shapes import shape_of
from qiangshi_web.kernel.registry import registers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiangshi.policy.vocabulary import Column, Relation
    from qiangshi_web.kernel.records.shapes import Shape
    from qiangshi_web.kernel.registry import Register

GROUPS = {
    "study": "学习",
    "work": "工作",
    "posts": "岗位",
    "titles": "职称",
    "training": "培训",
    "appraisal": "考核",
    "honours": "荣誉",
    "rotation": "轮岗",
    "growth": "成长档案",
    "ethics": "师德",
    "pay": "待遇",
    "health": "健康",
}
"""The parts of a career in the order in which people look for them."""

SUBJECTS = {
    "organisations": "办学与治理",
    "staffing": "编制与岗位",
    "places": "学位",
    "training": "培训",
    "pairing": "结对帮扶",
    "programmes": "工作室与活动",
    "evaluation": "评价",
    "burden": "减负",
    "pay": "经费与保障",
    "wellbeing": "身心健康",
    "plans": "任务与督导",
    "institutions": "师范培养",
    "people": "数据质量",
    "ethics": "师德",
}
"""The parts of an organisation's file, by the contexts that own them, in order."""

_STATES = {"person_state": "任职状态", "organisation_state": "机构沿革"}
_OF_RELATION = {
    "study": "education_history certificate mandarin_result qualification_certificate "
    "party_membership",
    "work": "person employment hire departure",
    "posts": "post_holding post_appointment homeroom_service teaching_assignment mentor_role "
    "principal_appointment principal_rank_holding reserve_pool_entry",
    "titles": "title_application",
    "training": "mentoring_pair reading_record",
    "appraisal": "registration",
    "rotation": "secondment_stay",
    "growth": "growth_plan personal_file archive_entry",
    "honours": "research_result",
}
_OF_OWNER = {
    "ethics": "ethics",
    "pay": "pay",
    "wellbeing": "health",
    "training": "training",
    "evaluation": "appraisal",
    "programmes": "honours",
    "mobility": "rotation",
}
_SENSITIVE = {
    "ethics": Area.ETHICS,
    "health": Area.HEALTH,
    "pay": Area.PAY,
    "identity": Area.IDENTITY,
}


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """A ledger. `subject` is what its rows are counted under: a person, an organisation, or less.

    `group` is its part of a career; `area` what one must be allowed to see to see any of it. There
    is one of each in a process: they are told apart by being themselves, not by every column.
    """

    name: str
    model: type[Fact]
    relation: Relation
    subject: str
    group: str
    area: Area

    @property
    def shape(self) -> Shape:
        """Its columns."""
        return shape_of(self.model)

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        state = _STATES.get(self.name)
        return pick(self.relation.label) if state is None else say(state)

    @property
    def subject_column(self) -> str:
        """The column that holds the person or organisation that a row is about."""
        return f"{self.subject}_id"

    @property
    def dates(self) -> tuple[str | None, str | None]:
        """The columns with the first and the last day; a ledger of days or years has no last."""
        shape, dated = self.shape, self.relation.dated
        if shape.since is not None:
            return shape.since, shape.until
        return dated.on or dated.year or dated.school_year, None


def area_of_column(column: Column) -> Area | None:
    """What one must be allowed to see besides the ledger to see this column; None: no more."""
    return _SENSITIVE.get(column.sensitivity)


@cache
def ledgers() -> Mapping[str, Ledger]:
    """Name → ledger, for all of the vocabulary, in its order."""
    found = {}
    for register in registers().values():
        for model in (register.model, register.state):
            if model is not None and issubclass(model, Fact):
                ledger = _ledger(register, model)
                found[ledger.name] = ledger
    return found


def _ledger(register: Register, model: type[Fact]) -> Ledger:
    relation = register.relation
    if relation.id in {"person", "organisation"}:
        subject = relation.id
    else:
        subject = relation.belongs_to or "organisation"
    return Ledger(model.ledger(), model, relation, subject, _group(relation), _area(relation))


def _area(relation: Relation) -> Area:
    """Figures of organisations are open to who may see figures, unless they tell of persons."""
    above = vocabulary().path_to(relation.id, "organisation") or ()
    of_persons = {"person", "student_teacher"} & set(above)
    is_sensitive = any(column.sensitivity != "open" for column in relation.columns)
    if of_persons or is_sensitive or relation.owner == "ethics":
        return AREA_OF_OWNER.get(relation.owner, Area.PEOPLE)
    return Area.FIGURES


def _group(relation: Relation) -> str:
    for group, names in _OF_RELATION.items():
        if relation.id in names.split():
            return group
    return _OF_OWNER.get(relation.owner, "work")


@cache
def ledgers_about(subject: str) -> tuple[Ledger, ...]:
    """The ledgers whose rows are counted under persons, or under organisations."""
    return tuple(ledger for ledger in ledgers().values() if ledger.subject == subject)
