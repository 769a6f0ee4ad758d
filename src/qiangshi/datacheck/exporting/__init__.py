"""Tables out: as workbook, delimited text or Parquet, and the whole register as a package.

What is written for people reads back as it was: headings, labels and yes or no are those of the
template, and no text of ours ever becomes a formula.
"""

from qiangshi.datacheck.exporting.package import Package, read_package, write_package
from qiangshi.datacheck.exporting.tables import write_csv, write_parquet, write_xlsx

__all__ = [
    "Package",
    "read_package",
    "write_csv",
    "write_package",
    "write_parquet",
    "write_xlsx",
]
