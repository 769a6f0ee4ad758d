"""Every write to the ledgers of wellbeing."""

from qiangshi_web.kernel.records.bound import Ledgers

__all__ = ["ledgers"]

ledgers = Ledgers("wellbeing")
