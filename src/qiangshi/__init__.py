"""强师: a region's plan for its teachers as data, measured clause by clause.

The library knows no database, no request and no clock: plans, snapshots and dates are
arguments. The application that people sign in to is `qiangshi_web`.
"""

__version__ = "0.1.0"
