"""A column of sealed texts. Rows say the text; the database holds what is sealed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import In, IsNull

from qiangshi_web.kernel.encryption.sealing import Cipher, is_sealed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Lookup


class _AnyOf(In[Any]):
    """Any of several texts, in any form in which they may be sealed."""

    def get_prep_lookup(self) -> Any:
        """The forms."""
        if hasattr(self.rhs, "resolve_expression"):
            raise FieldError("expected a text to look for in a sealed column, got an expression")
        cipher = self.lhs.output_field.cipher
        return [form for text in self.texts() for form in cipher.forms(text)]

    def texts(self) -> list[str]:
        """The texts that are looked for."""
        return [text for text in self.rhs if text is not None]


class _Exactly(_AnyOf):
    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        return None if self.rhs is None else super().get_prep_lookup()

    def texts(self) -> list[str]:
        return [self.rhs]


_LOOKUPS: dict[str, type[Lookup[Any]]] = {"exact": _Exactly, "in": _AnyOf, "isnull": IsNull}


class SealedText(models.TextField[Any, Any]):
    """A text of at most `max_length` characters that the database holds sealed.

    It is found by its exact value; every other comparison is refused. Where the column holds plain
    text, or one sealed elsewhere, reading it raises SealBroken.
    """

    description = "Sealed text"

    @cached_property
    def cipher(self) -> Cipher:
        """Bound to the column, wherever the field is used."""
        return Cipher(f"{self.model._meta.db_table}.{self.column}")

    def sealer(self) -> Callable[[str | None], str | None]:
        """What prepares many values for the database."""
        seal = self.cipher.sealer()
        return lambda text: None if text is None else seal(text)

    def get_prep_value(self, value: Any) -> Any:
        """What the database holds."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self.cipher.seal(str(value))

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """What the row says."""
        return None if value is None else self.cipher.open(value)

    def as_kept(self, text: str | None) -> str | None:
        """The text as it is kept elsewhere, in the log: sealed too."""
        return None if text is None else self.cipher.seal(text)

    def as_was_kept(self, kept: str | None) -> str | None:
        """What was kept; what was told to the log before the column was sealed is plain."""
        return self.cipher.open(kept) if kept is not None and is_sealed(kept) else kept

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        """Exact values and none."""
        return _LOOKUPS.get(lookup_name)
