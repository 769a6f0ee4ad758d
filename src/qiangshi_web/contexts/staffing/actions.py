"""Every write to the ledgers of staffing."""

from qiangshi_web.kernel.records.bound import Ledgers

__all__ = ["ledgers"]

ledgers = Ledgers("staffing")
