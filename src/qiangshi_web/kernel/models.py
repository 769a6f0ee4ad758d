"""The kernel's tables: what was done, and what was believed before."""

from qiangshi_web.kernel.chain.models import Erasure, Head, Link
from qiangshi_web.kernel.events import Event
from qiangshi_web.kernel.superseded import Superseded

__all__ = ["Erasure", "Event", "Head", "Link", "Superseded"]
