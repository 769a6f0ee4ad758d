"""Records and snapshots, both ways: records are taken as a snapshot, and loaded from one.

take_snapshot(folder, on=date(2025, 12, 31))                  how things stood on a day
take_snapshot(folder, on=…, known_at=instant)                 … as was known then
load_snapshot(snapshot, actor=…, at=…)                        everything a snapshot tells
"""

from qiangshi_web.analytics.snapshots.loading import load_snapshot
from qiangshi_web.analytics.snapshots.taking import take_snapshot

__all__ = ["load_snapshot", "take_snapshot"]
