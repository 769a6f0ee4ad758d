"""Every write of the exchange. Each step of an import may be done twice."""

from qiangshi_web.exchange.actions.checking import check, preview_file
from qiangshi_web.exchange.actions.deciding import answer, map_columns
from qiangshi_web.exchange.actions.forgetting import forget_contents
from qiangshi_web.exchange.actions.receiving import begin, drop, give_back, hand_in, refuse_file
from qiangshi_web.exchange.actions.undoing import undo_import
from qiangshi_web.exchange.actions.writing import write

__all__ = [
    "answer",
    "begin",
    "check",
    "drop",
    "forget_contents",
    "give_back",
    "hand_in",
    "map_columns",
    "preview_file",
    "refuse_file",
    "undo_import",
    "write",
]
