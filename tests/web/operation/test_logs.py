"""What the process logs tells what happened and of nobody."""

from __future__ import annotations

import io
import json
import logging
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from qiangshi_web.kernel.logs import REQUESTS, JsonLines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cast import Cast

NAME, NUMBER, MAIL = "李晓芳", "412825199001011234", "li@school.example"
WRONG = "wrong-passphrase"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged anywhere, as it would be written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in (None, "django.request", REQUESTS)]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield out
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def logged(*args: Any, name: str = "somewhere", **extra: Any) -> dict[str, Any]:
    msg, *values = args
    error = extra.pop("error", None)
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.INFO, "", 1, msg, tuple(values), info)
    found: dict[str, Any] = json.loads(JsonLines().format(record))
    return found


def raised() -> BaseException:
    try:
        raise ValueError(f"{NAME} {NUMBER}")
    except ValueError:
        return sys.exc_info()[1] or ValueError()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (logged("%s of %s failed %d times", "li", NAME, 3), "… of … failed 3 times"),
        (logged(f"no such person {NUMBER}"), "no such person …"),
        (logged(f"{NAME} <{MAIL}>"), "… <…>"),
        (logged("job %s failed: %s", "check-import", NAME, name="qiangshi_web.jobs"),
         "job check-import failed: …"),
        (logged("%(who)s again", {"who": NAME}), "… again"),
        (logged("broken %s %s", NAME), "broken %s %s"),
    ],
)  # fmt: skip
def test_only_a_programmers_own_words_and_numbers_are_logged(
    line: dict[str, Any], message: str
) -> None:
    assert line["message"] == message


def test_an_error_is_told_by_its_class_and_its_places() -> None:
    line = logged("failed", error=raised())

    assert line["error"] == "ValueError"
    assert line["places"][-1].endswith(" raised")
    assert NAME not in json.dumps(line, ensure_ascii=False)
    assert NUMBER not in json.dumps(line)


def test_nobody_is_named_by_pages_that_break_and_doors_that_stay_shut(
    cast: Cast, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> object:
        raise RuntimeError(f"{NAME} {NUMBER}")

    browser = cast.signed_in("zhao")
    browser.raise_request_exception = False
    monkeypatch.setattr("qiangshi_web.portal.pages.person.visible_people", breaks, raising=False)
    monkeypatch.setattr("qiangshi_web.portal.pages.person.answer", breaks, raising=False)
    monkeypatch.setattr("qiangshi_web.portal.pages.person.render", breaks, raising=False)
    answer = browser.get(f"/people/{cast.teacher}/", {"q": NAME})
    browser.get("/roster/", {"name~": NAME})
    Client().post("/sign-in/", {"login": NAME, "password": WRONG})

    text = lines.getvalue()
    told = [json.loads(line) for line in text.splitlines()]
    assert answer.status_code == 500
    broken = next(line for line in told if line.get("error") == "RuntimeError")
    assert broken["request_id"] == answer["X-Request-ID"]
    pages = {line.get("page"): line for line in told if line["logger"] == REQUESTS}
    assert pages["person"]["status"] == 500
    assert pages["roster"]["request_id"]
    assert [word for word in (NAME, NUMBER, WRONG, cast.teacher) if word in text] == []
