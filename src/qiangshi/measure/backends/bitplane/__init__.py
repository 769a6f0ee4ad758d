"""The fast path: conditions as planes of one bit a subject."""

from qiangshi.measure.backends.bitplane.standing import BitplaneBackend, Standing

__all__ = ["BitplaneBackend", "Standing"]
