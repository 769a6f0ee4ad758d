"""A file in: checked row by row against a profile, in a process of its own if need be.

`check_file` says what would go in and what would not; writing it is for those who keep records.
"""

from qiangshi.datacheck.importing.apart import Bounds, check_in_child
from qiangshi.datacheck.importing.checked import (
    BAD,
    GOOD,
    HELD,
    PASSED_OVER,
    CheckedFile,
    CheckedSheet,
)
from qiangshi.datacheck.importing.checking import Setting, check_file
from qiangshi.datacheck.importing.known import Known

__all__ = [
    "BAD",
    "GOOD",
    "HELD",
    "PASSED_OVER",
    "Bounds",
    "CheckedFile",
    "CheckedSheet",
    "Known",
    "Setting",
    "check_file",
    "check_in_child",
]
