"""The case types of ethics: reports, misconduct, and what of it is shown to the public."""

from qiangshi_web.contexts.ethics.cases import misconduct, publication, report

__all__ = ["misconduct", "publication", "report"]
