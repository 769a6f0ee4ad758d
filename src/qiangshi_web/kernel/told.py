"""What is kept as words with places, so that each reader has it in her own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qiangshi_web.kernel.language import say


@dataclass(frozen=True, slots=True)
class Said:
    """Chinese words with `{places}`, and what stands in them; a word there is `Said` itself."""

    words: str
    values: Mapping[str, str | int | Said] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, Any]:
        """The values as JSON holds them."""
        return {
            name: {"words": value.words, "values": value.kept} if isinstance(value, Said) else value
            for name, value in self.values.items()
        }


def in_words(words: str, values: Mapping[str, Any]) -> str:
    """What was kept, in the language of the request."""
    filled = {
        name: in_words(**value) if isinstance(value, Mapping) else value
        for name, value in values.items()
    }
    return say(words, **filled) if words else ""
