"""Every write to the ledgers of plans."""

from qiangshi_web.kernel.records.bound import Ledgers

__all__ = ["ledgers"]

ledgers = Ledgers("plans")
