"""Every write to the ledgers of ethics."""

from qiangshi_web.kernel.records.bound import Ledgers

__all__ = ["ledgers"]

ledgers = Ledgers("ethics")
