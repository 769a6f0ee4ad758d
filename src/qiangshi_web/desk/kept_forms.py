"""Forms in a page: which ones are kept while somebody types, and filling them in again.

A form is kept where it is posted and has a field to type or choose in, unless it asks for a
password or says `data-unkept`. Works on the page as it is sent, so that no form can be forgotten.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Fields = dict[str, list[str]]

_OPENING = re.compile(r"<(/?form\b|input\b|textarea\b|select\b)([^>]*)>")
_ATTRIBUTE = re.compile(r"""([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?""")
_OPTION = re.compile(r"<option\b([^>]*)>(.*?)(?=</option>|<option|$)", re.DOTALL)
_NOT_TYPED = {"hidden", "submit", "button", "reset", "image", "file", "password"}
_TICKED = {"checkbox", "radio"}
_OF_THE_FRAME = {"csrfmiddlewaretoken", "kept_form", "next"}


@dataclass
class Form:
    """A form of a page. `at` is where its first tag ends; spans are those of its fields."""

    attributes: Mapping[str, str]
    at: int
    hidden: list[tuple[str, str]] = field(default_factory=list)
    fields: list[Found] = field(default_factory=list)
    asks_password: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether what is typed into it is kept."""
        return self.may_be_kept and not self.asks_password and bool(self.fields)

    @property
    def may_be_kept(self) -> bool:
        """Whether it is, by its own tag."""
        is_posted = self.attributes.get("method", "").casefold() == "post"
        return is_posted and "data-unkept" not in self.attributes

    def key(self, path: str) -> str:
        """What names the form: where it leads, what it carries hidden, and what it asks."""
        told = [self.attributes.get("action") or path]
        told += [f"{name}={value}" for name, value in self.hidden]
        told += sorted({one.name for one in self.fields})
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Found:
    """A field to type or choose in: its tag, with what stands between tag and end tag."""

    tag: str
    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    inner: str = ""


def forms_in(html: str) -> list[Form]:
    """Every form that is kept, in the order of the page."""
    found: list[Form] = []
    named: dict[str, Form] = {}
    apart: list[Found] = []
    inside: Form | None = None
    for match in _OPENING.finditer(html, max(0, html.find("<main"))):
        tag, told = match[1], match[2]
        if tag == "form":
            inside = Form(_attributes(told), match.end())
            found.append(inside)
            named[inside.attributes.get("id", "")] = inside
        elif tag == "/form":
            inside = None
        elif (inside is None or not inside.may_be_kept) and "form=" not in told:
            continue  # not to be read at all: a list has a hundred fields to filter it by
        elif "form" in (attributes := _attributes(told)):
            apart += filter(None, [_field(html, match, attributes)])
        elif inside is not None:
            _note(inside, html, match, attributes)
    for one in apart:
        if one.attributes["form"] in named:
            named[one.attributes["form"]].fields.append(one)
    return [form for form in found if form.is_kept]


def _note(form: Form, html: str, match: re.Match[str], attributes: Mapping[str, str]) -> None:
    kind, name = attributes.get("type", ""), attributes.get("name", "")
    if kind == "password":
        form.asks_password = True
    elif kind == "hidden" and name not in _OF_THE_FRAME:
        form.hidden.append((name, attributes.get("value", "")))
    elif one := _field(html, match, attributes):
        form.fields.append(one)


def _field(html: str, match: re.Match[str], attributes: Mapping[str, str]) -> Found | None:
    tag, name = match[1], attributes.get("name", "")
    if not name or (tag == "input" and attributes.get("type", "") in _NOT_TYPED):
        return None
    if tag == "input":
        return Found(tag, name, attributes, match.start(), match.end())
    end = html.find(f"</{tag}>", match.end())
    return Found(tag, name, attributes, match.start(), end, html[match.end() : end])


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].casefold(): unescape(match[2] or match[3] or "")
        for match in _ATTRIBUTE.finditer(text)
    }


def with_kept(html: str, forms: Sequence[tuple[Form, str, Fields | None]], url: str) -> str:
    """The page in which each form carries what must stand in it and shows what was kept of it.

    `forms` are those of `forms_in`, each with the markup to place at its beginning, and with the
    fields that were kept of it.
    """
    changes: list[tuple[int, int, str]] = []
    for form, markup, kept in forms:
        changes.append((form.at - 1, form.at, f' data-kept="{escape(url)}">{markup}'))
        if kept is not None:
            changes += [(one.start, one.end, _filled(html, one, kept)) for one in form.fields]
    parts, at = [], 0
    for start, end, text in sorted(changes):
        parts += [html[at:start], text]
        at = end
    return "".join([*parts, html[at:]])


def _filled(html: str, one: Found, kept: Fields) -> str:
    values = kept.get(one.name)
    if one.attributes.get("type") in _TICKED:
        is_ticked = one.attributes.get("value", "on") in (values or ())
        return _tag(one, "checked", "" if is_ticked else None)
    if values is None:
        return html[one.start : one.end]
    if one.tag == "input":
        return _tag(one, "value", values[0])
    head = html[one.start : one.end - len(one.inner)]
    if one.tag == "textarea":
        return f"{head}\n{escape(values[0])}"
    return head + _OPTION.sub(lambda match: _option(match, values), one.inner)


def _tag(one: Found, name: str, value: str | None) -> str:
    """The tag with that attribute; without it where the value is None."""
    told = {key: text for key, text in one.attributes.items() if key != name}
    if value is not None:
        told[name] = value
    return f"<{one.tag} " + " ".join(f'{key}="{escape(text)}"' for key, text in told.items()) + ">"


def _option(match: re.Match[str], values: Sequence[str]) -> str:
    attributes = _attributes(match[1])
    value = attributes.pop("value", None)
    attributes.pop("selected", None)
    is_chosen = (unescape(match[2]).strip() if value is None else value) in values
    told = {} if value is None else {"value": value}
    told |= attributes | ({"selected": ""} if is_chosen else {})
    words = "".join(f' {key}="{escape(text)}"' for key, text in told.items())
    return f"<option{words}>{match[2]}"
