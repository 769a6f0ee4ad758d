"""Made-up files that a clerk hands in, and handing them in."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qiangshi_web.exchange.queries import ImportFile
from qiangshi_web.jobs.working import work_off

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.test import Client

HEAD = ["教师编号", "完成日期", "培训类别", "学时", "是否认定"]
PEOPLE_HEAD = ["教师编号", "姓名", "性别", "出生日期", "身份证件号", "所在机构编码", "教职工类别"]


def book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of texts and numbers."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def entries(*rows: Sequence[Any], name: str = "培训学时记录") -> bytes:
    """Training entries under a title."""
    return book({name: [["2025年培训学时登记表"], HEAD, *rows]})


def staff(*rows: Sequence[Any]) -> bytes:
    """A staff list."""
    return book({"教职工": [PEOPLE_HEAD, *rows]})


def hand_in(
    client: Client, content: bytes, *, name: str = "培训.xlsx", **fields: str
) -> ImportFile:
    """Hand a file in; what was found in it is known afterwards."""
    upload = SimpleUploadedFile(name, content)
    answer = client.post(reverse("imports"), {"file": upload, **fields})
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    return ImportFile.objects.get(pk=int(answer["Location"].split("/")[2]))


def act(client: Client, file: ImportFile, what: str, **fields: Any) -> ImportFile:
    """Take a step, and let it be done."""
    answer = client.post(reverse("import-act", args=[file.pk]), {"act": what, **fields})
    assert answer.status_code == 302
    work_off()
    return ImportFile.objects.get(pk=file.pk)


def page(client: Client, file: ImportFile) -> str:
    """The page of an import."""
    return client.get(reverse("import", args=[file.pk])).content.decode()
