"""The file as it comes back: its own layout, and two columns that say what became of each row."""

from qiangshi.datacheck.answering.result import result_name, write_result

__all__ = ["result_name", "write_result"]
