"""Who opens what is kept apart in somebody's file is logged, and she can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from qiangshi_web.kernel.chain.anchors import anchor_at
from qiangshi_web.kernel.chain.models import Head
from qiangshi_web.kernel.chain.verifying import verify
from tests.web.audit.sealing import seal_now

if TYPE_CHECKING:
    from tests.cast import Cast


def test_a_teacher_sees_who_opened_her_sensitive_file(cast: Cast) -> None:
    file = reverse("person", args=[cast.teacher])
    for who in ("wei", "zhao", "li"):
        assert cast.signed_in(who).get(file).status_code == 200

    page = cast.signed_in("li").get(reverse("opened")).content.decode()

    assert "卫干事" in page
    assert "师德" in page
    assert "赵科长" not in page
    seal_now()
    head = Head.objects.get()
    assert verify(anchor_at(head.position, head.seal)).faults == ()


def test_the_auditor_reads_the_log_and_nobody_else_does(cast: Cast) -> None:
    cast.signed_in("wei").get(reverse("person", args=[cast.teacher]))

    page = cast.signed_in("lv").get(reverse("log"), {"log.verb": "open"})

    assert "卫干事" in page.content.decode()
    assert [cast.signed_in(who).get(reverse("log")).status_code for who in ("xu", "zheng")] == [
        403,
        403,
    ]
