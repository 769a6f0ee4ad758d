"""A believable region of any size, calibrated on public figures; nobody in it exists."""

from qiangshi.synthetic.region import PARTS, make_region
from qiangshi.synthetic.spec import FEWEST_TEACHERS, RegionSpec

__all__ = ["FEWEST_TEACHERS", "PARTS", "RegionSpec", "make_region"]
