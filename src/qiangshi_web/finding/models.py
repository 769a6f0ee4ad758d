"""The index: under which words and letters a person or an organisation is found."""

from __future__ import annotations

from django.db import models

PERSON, ORGANISATION = "person", "organisation"
KINDS = ((PERSON, "教职工"), (ORGANISATION, "机构"))


class NameEntry(models.Model):
    """A word by which something is found (检索词): a name, or what follows the surname.

    `letters` are the first letters of its pinyin. Follows the records and may be made anew from
    them at any time.
    """

    kind = models.CharField("类别", max_length=20, choices=KINDS)
    key = models.CharField("编号", max_length=40)
    word = models.CharField("名称", max_length=200, db_index=True)
    letters = models.CharField("拼音首字母", max_length=200, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索词"
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "key", "word"),
                name="name_entry_once",
                violation_error_message="同一对象的同一检索词只存一次",
            ),
        )

    def __str__(self) -> str:
        return f"{self.word} {self.letters}"
