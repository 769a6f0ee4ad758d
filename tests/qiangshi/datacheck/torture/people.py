"""Files in which somebody comes twice, or is on record already."""

from __future__ import annotations

import pyarrow as pa

from qiangshi.datacheck.importing import Known
from tests.qiangshi.datacheck.torture.files import (
    HEAD,
    LI,
    LI_BORN,
    SCHOOLS,
    WANG,
    Torture,
    book,
    number,
    with_cells,
)

_ON_RECORD = Known(
    organisations=SCHOOLS.organisations,
    people=pa.table(
        {
            "person_id": ["P1", "P2"],
            "name": ["李明", "王芳"],
            "born_on": pa.array([LI_BORN, None], pa.date32()),
            "id_number": [LI[2], None],
            "organisation_id": ["S2", "S1"],
            "sex": ["male", "female"],
        }
    ),
)

PEOPLE = (
    Torture("the same person twice", "重复人员.xlsx", book(HEAD, LI, WANG, LI), good=(2, 3),
            bad={4: "与第 2 行是同一条记录"}),
    Torture("the same person under two spellings", "异写同人.xlsx",
            book(HEAD, LI, with_cells(LI, 姓名="李 明", 学校名称="第二小学")), good=(2,),
            bad={3: "与第 2 行是同一人"}),
    Torture("namesakes with the same birthday and no numbers", "同名同生日.xlsx",
            book(HEAD, with_cells(LI, 身份证件号=None),
                 with_cells(LI, 身份证件号=None, 学校名称="第二小学")), good=(2,), held=(3,)),
    Torture("one on record who has moved", "已在册.xlsx", book(HEAD, LI), good=(2,),
            known=_ON_RECORD),
    Torture("one who may be on record", "可能在册.xlsx", book(HEAD, WANG), held=(2,),
            known=_ON_RECORD),
    Torture("two people with one number", "一号两人.xlsx",
            book(HEAD, LI, with_cells(LI, 姓名="赵铁柱")), good=(2,), held=(3,)),
    Torture("two digits changed about", "换位.xlsx",
            book(HEAD, LI, with_cells(LI, 身份证件号=number(LI_BORN, 3))), good=(2,), held=(3,)),
)  # fmt: skip
