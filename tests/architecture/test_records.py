"""What imports cannot show: keys are strings, writes are calls, names are what people read."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from tests.architecture.sources import ROOT, calls, own_files, place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.db.models import Model

HAN = re.compile(r"[\u3400-\u9fff]")
APPLICATION = "qiangshi_web."
# Written by named functions; Django's own frames around them are commands and migrations.
WRITERS = {"actions", "management", "migrations"}
WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
WRITES |= {f"a{name}" for name in WRITES}


def listed(contract: str) -> list[set[str]]:
    """Layers of an import contract, highest first, by their names within the application."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    entries = settings["tool"]["importlinter"]["contracts"]
    layers = next(entry["layers"] for entry in entries if entry["id"] == contract)
    return [{name_of(part.strip("() ")) for part in layer.split("|")} for layer in layers]


def name_of(module: str) -> str:
    return module.removeprefix(APPLICATION).removeprefix("contexts.")


def level(module: str) -> int | None:
    """How high an application stands: 0 is the top. None: it is not one of ours."""
    above, contexts, between = map(listed, ("application-layers", "contexts", "between-contexts"))
    order = above[: above.index({"contexts"})] + contexts[: contexts.index(between[0])] + between
    return next((height for height, layer in enumerate(order) if name_of(module) in layer), None)


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith(APPLICATION)]


def keys() -> Iterator[tuple[type[Model], str, type[Model]]]:
    """Every key from a model of ours to another model: model, field, target."""
    for model in own_models():
        for field in model._meta.get_fields():
            target = field.related_model
            if field.is_relation and not field.auto_created and isinstance(target, type):
                yield model, field.name, target


def application(model: type[Model]) -> str:
    return model._meta.app_config.name


def test_every_application_stands_in_a_layer() -> None:
    names = [app.name for app in apps.get_app_configs() if app.name.startswith(APPLICATION)]
    assert names
    assert [name for name in names if level(name) is None] == []


def test_foreign_keys_point_down() -> None:
    upward = []
    for model, field, target in keys():
        here, there = level(application(model)), level(application(target))
        if application(model) != application(target) and there is not None:
            assert here is not None
            if there <= here:
                upward.append(f"{model.__name__}.{field} -> {target.__name__}")
    assert upward == []


def test_every_model_has_a_chinese_name() -> None:
    with translation.override("zh-hans"):
        nameless = [
            model.__name__
            for model in own_models()
            if not HAN.search(str(model._meta.verbose_name))
        ]
    assert nameless == []


def test_every_field_has_a_chinese_name() -> None:
    with translation.override("zh-hans"):
        nameless = [
            f"{model.__name__}.{field.name}"
            for model in own_models()
            for field in model._meta.fields + model._meta.many_to_many
            if not field.auto_created and not HAN.search(str(field.verbose_name))
        ]
    assert nameless == []


def test_every_constraint_answers_in_chinese() -> None:
    silent = [
        constraint.name
        for model in own_models()
        for constraint in model._meta.constraints
        if not HAN.search(str(constraint.violation_error_message))
    ]
    assert silent == []


def test_every_change_of_a_model_has_its_migration() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    ours = {model._meta.app_label for model in own_models()}
    changes = detector.changes(graph=loader.graph)
    assert {label: found for label, found in changes.items() if label in ours} == {}


def written(call: ast.Call) -> str | None:
    """Name of the write that a call is; None when it is none.

    `update` with a positional argument is a dict's or a hash's, `save` with one a file's.
    """
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return None
    name = call.func.attr
    if name in {"update", "save"} and (call.args or (name == "update" and not call.keywords)):
        return None
    return name


def readers() -> list[Path]:
    """Files of the application that may not write."""
    return [
        file
        for file in own_files("src/qiangshi_web")
        if not WRITERS & {*file.relative_to(ROOT).parts, file.stem}
    ]


def test_only_actions_write() -> None:
    found = [
        f"{place(file, call)} {name}"
        for file in readers()
        for call in calls(file)
        if (name := written(call))
    ]
    assert found == [], "name it in actions.py"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("row.save()", "save"),
        ("row.save(update_fields=['a'])", "save"),
        ("rows.update(a=1)", "update"),
        ("Row.objects.create(a=1)", "create"),
        ("rows.delete()", "delete"),
        ("await rows.aupdate(a=1)", "aupdate"),
        ("book.save(path)", None),
        ("words.update({'a': 1})", None),
        ("digest.update(content)", None),
        ("rows.filter(a=1)", None),
    ],
)
def test_a_write_is_told_from_a_namesake(code: str, name: str | None) -> None:
    call = next(node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    assert written(call) == name
