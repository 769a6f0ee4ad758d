"""How good records are: every fault by row, a score by organisation, what to put in order first.

    assessment = assess(ParquetFolder(snapshot.folder), vocabulary=vocabulary, on=snapshot.on)
    assessment.problems     every fault: rule, row, person, organisation, words, cure
    assessment.ledgers      which ledgers were handed in, which are silent
    scores(assessment)      one row an organisation, with all below it
    fixes(assessment, id)   what to put in order first
    change(before, after)   two days side by side

Nothing is known of a ledger that was not handed in; that is told apart and breaks no rule.
"""

from qiangshi.datacheck.quality.assessing import Assessment, assess, find_problems
from qiangshi.datacheck.quality.ledgers import CONFIRMED, KEPT, LEDGERS, SILENT
from qiangshi.datacheck.quality.recording import as_results
from qiangshi.datacheck.quality.records import ParquetFolder
from qiangshi.datacheck.quality.scoring import FIXES, SCORES, TREND, change, fixes, scores
from qiangshi.datacheck.quality.standards import Standards, load_standards
from qiangshi.datacheck.quality.telling import PROBLEMS

__all__ = [
    "CONFIRMED",
    "FIXES",
    "KEPT",
    "LEDGERS",
    "PROBLEMS",
    "SCORES",
    "SILENT",
    "TREND",
    "Assessment",
    "ParquetFolder",
    "Standards",
    "as_results",
    "assess",
    "change",
    "find_problems",
    "fixes",
    "load_standards",
    "scores",
]
