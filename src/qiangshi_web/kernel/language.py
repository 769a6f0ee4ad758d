"""Chinese first, English behind a switch.

Every word that people see is written in the source in Chinese and looked up in `wording.yaml`
for English. Plans and the vocabulary bring both languages with them.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import yaml
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse

COOKIE = "language"
DJANGO_CODES = {"zh": "zh-hans", "en": "en"}
_present: ContextVar[str] = ContextVar("language", default="zh")


class Bilingual(Protocol):
    """The same words twice."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@cache
def wording() -> dict[str, str]:
    """Chinese → English for every word of the interface."""
    file = Path(__file__).with_name("wording.yaml")
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


def language() -> str:
    """`zh` or `en`: what the present request is answered in.

    A page asks some hundred times: to ask Django, for each word, took a tenth of its time.
    """
    return _present.get()


@contextmanager
def in_language(name: str) -> Iterator[None]:
    """What is said inside, by us and by Django, is in `zh` or `en`."""
    token = _present.set(name)
    try:
        with translation.override(DJANGO_CODES[name]):
            yield
    finally:
        _present.reset(token)


def say(chinese: str, **values: object) -> str:
    """The words in the language of the request, `{names}` filled in."""
    words = wording().get(chinese, chinese) if language() == "en" else chinese
    return words.format(**values) if values else words


def pick(text: Bilingual) -> str:
    """The Chinese or English half of a bilingual text."""
    return text.en if language() == "en" else text.zh


def in_templates(_request: HttpRequest) -> dict[str, Any]:
    """Context processor: `language`."""
    return {"language": language()}


class ChosenLanguage:
    """Answers in the language that the cookie names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get(COOKIE, "")
        chosen = asked if asked in DJANGO_CODES else "zh"
        with in_language(chosen):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", DJANGO_CODES[chosen])
            return response
