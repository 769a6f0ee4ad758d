"""axe on the page in front of a visitor, where what is alike is looked at once.

Rows of a table are alike: the first of each are taken, in all their states. Contrast is most of
axe's work, and a matter of computed styles alone: of what has the same colours, sizes, layers
and backgrounds, its own and of everything around it, the first three are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped] # no types

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RUN = """async () => {
    const seen = new Map(), keys = new Map();
    const number = text => seen.get(text) ?? seen.set(text, seen.size).get(text);
    const around = element => {
        if (!element) return "";
        if (!keys.has(element)) {
            const own = getComputedStyle(element);
            const styles = [own.backgroundColor, own.backgroundImage, own.opacity, own.position,
                own.zIndex, own.mixBlendMode, own.filter, own.visibility, own.display];
            keys.set(element, number([around(element.parentElement), ...styles].join("|")));
        }
        return keys.get(element);
    };
    const looked = new Map();
    const alike = element => {
        const below = [...element.children].map(alike);
        const own = getComputedStyle(element);
        const key = [around(element), element.tagName, own.color, own.fontSize, own.fontWeight,
            own.textShadow, getComputedStyle(element, "::before").content,
            getComputedStyle(element, "::after").content, element.matches(":disabled")].join("|");
        looked.set(key, (looked.get(key) ?? 0) + 1);
        const is = looked.get(key) > 3 && below.every(Boolean);
        element.toggleAttribute("data-alike", is);
        return is;
    };
    const away = [...document.querySelectorAll("tbody tr:nth-child(n+16)")].map(row => {
        const place = document.createComment("");
        row.replaceWith(place);
        return [place, row];
    });
    alike(document.body);
    const told = {resultTypes: ["violations"]}, include = [["html"]];
    const found = [
        await axe.run({include}, {...told, rules: {"color-contrast": {enabled: false}}}),
        await axe.run({include, exclude: [["[data-alike]"]]},
            {...told, runOnly: ["color-contrast"]}),
    ];
    for (const [place, row] of away) place.replaceWith(row);
    return found.flatMap(one => one.violations)
        .map(one => [one.id, one.nodes.slice(0, 3).map(node => node.target)]);
}"""


def violations(page: Page) -> list[tuple[str, list[object]]]:
    """The rules that the page breaks, each with the first places where it does."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [(rule, places) for rule, places in page.evaluate(_RUN)]
