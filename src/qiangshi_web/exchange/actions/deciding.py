"""What people say: which heading is what, who is whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qiangshi_web.exchange.models import DIFFERENT, SAME, IdentityQuestion, KnownHeadings
from qiangshi_web.kernel.records import refuse

if TYPE_CHECKING:
    from datetime import datetime

    from qiangshi.datacheck.profiles import Mapping
    from qiangshi_web.exchange.models import ImportFile
    from qiangshi_web.kernel.actors import Actor


@transaction.atomic
def map_columns(file: ImportFile, mapping: Mapping, *, actor: Actor, at: datetime) -> None:
    """What the headings of a file mean; remembered for the organisation's next such file."""
    said = {"mapping": mapping.as_text(), "said_by": actor.name, "said_at": at}
    KnownHeadings.objects.update_or_create(
        organisation=file.organisation, key=mapping.key, defaults=said
    )
    file.mapping, file.profile = mapping.as_text(), mapping.profile
    file.save()


@transaction.atomic
def answer(question: IdentityQuestion, said: str, *, actor: Actor, at: datetime) -> None:
    """Whether two are one person. `same` settles all questions of the row; so does the last
    `different`. Raises Refused for anything else, and where one of two rows must go."""
    if said not in {SAME, DIFFERENT}:
        raise refuse("请选择“同一人”或“不是同一人”", "answer")
    if said == SAME and not question.person_id:
        raise refuse("两行是同一人的，请在文件中删去一行后重新提交", "answer")
    question.answer, question.answered_by, question.answered_at = said, actor.name, at
    question.save()
    if said == SAME:
        others = question.file.questions.filter(sheet=question.sheet, row=question.row, answer="")
        others.update(answer=DIFFERENT, answered_by=actor.name, answered_at=at)
