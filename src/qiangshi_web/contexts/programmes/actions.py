"""Every write to the ledgers of programmes."""

from qiangshi_web.kernel.records.bound import Ledgers

__all__ = ["ledgers"]

ledgers = Ledgers("programmes")
