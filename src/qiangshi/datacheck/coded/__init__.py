"""Sheets column by column: each column its distinct cells, and for each row which of them.

A column of a large sheet repeats few cells, so whatever is done to a cell is done to each distinct
one once. Reading stays within limits that the caller sets, whatever a file claims to be.
"""

from qiangshi.datacheck.coded.limits import Limits
from qiangshi.datacheck.coded.opening import CodedFile, open_coded
from qiangshi.datacheck.coded.sheet import CodedColumn, CodedSheet

__all__ = ["CodedColumn", "CodedFile", "CodedSheet", "Limits", "open_coded"]
