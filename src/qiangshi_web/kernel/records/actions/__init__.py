"""Every write to the record. Each is one transaction that leaves one event behind."""

from qiangshi_web.kernel.records.actions.changing import change
from qiangshi_web.kernel.records.actions.erasing import erase
from qiangshi_web.kernel.records.actions.many import Recorded, record_many
from qiangshi_web.kernel.records.actions.one import correct, end, record, withdraw
from qiangshi_web.kernel.records.actions.undoing import undo

__all__ = [
    "Recorded",
    "change",
    "correct",
    "end",
    "erase",
    "record",
    "record_many",
    "undo",
    "withdraw",
]
