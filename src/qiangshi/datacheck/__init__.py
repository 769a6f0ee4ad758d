"""A region's records as officials keep them: the workbook to fill in, and reading it back.

Every cell is read by the vocabulary's column: it gives a typed value or a reason in Chinese. A bad
row is returned with its reasons and costs no other row, save those that refer to it.
"""
