"""Migration steps that Django lacks: many tables at once, triggers, spans that may not overlap.

On SQLite a later migration that rebuilds such a table drops its triggers: repeat the step there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.operations.models import CreateModel
    from django.db.migrations.state import ProjectState


class CreateTogether(Operation):
    """Several new models in one step.

    With a step each, Django renders every model that refers to organisations or persons anew for
    each further one: that is quadratic, and took most of the time of making a database.
    """

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models; those that are rendered already only gain references to them."""
        rendered = state.__dict__.pop("apps", None)
        for create in self.models:
            create.state_forwards(app_label, state)
        if rendered is not None:
            made = [state.models[app_label, create.name_lower] for create in self.models]
            rendered.render_multiple(made)
            state.__dict__["apps"] = rendered

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the tables, those referred to first."""
        for create in self.models:
            create.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the tables, those referred to last."""
        for create in reversed(self.models):
            create.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """For the list of steps."""
        return f"Create {len(self.models)} models"


class ByVendor(Operation):
    """SQL statements for each database; on another one, none."""

    reduces_to_sql = True

    def __init__(
        self, forwards: Mapping[str, Sequence[str]], backwards: Mapping[str, Sequence[str]]
    ) -> None:
        self.forwards = forwards
        self.backwards = backwards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the statements."""
        for statement in self.forwards.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the statements that take them back."""
        for statement in self.backwards.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """For the list of steps."""
        return "Hold an invariant in the database"


def append_only(table: str) -> ByVendor:
    """Rows of `table` can be added and never be changed or deleted."""
    said = f"{table} is append-only"
    sqlite = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    postgresql = [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END$$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    ]
    return ByVendor(
        {"sqlite": sqlite, "postgresql": postgresql},
        {
            "sqlite": [f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"],
            "postgresql": [
                f"DROP TRIGGER {table}_append_only ON {table}",
                f"DROP FUNCTION {table}_refuse()",
            ],
        },
    )


def forward_only(table: str) -> ByVendor:
    """The one row of `table` can only go on to a higher `position`, and is never deleted."""
    said = f"{table} only goes on"
    backward = "NEW.position <= OLD.position"
    return ByVendor(
        {
            "sqlite": [
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {backward} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END",
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END",
            ],
            "postgresql": [
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END$$",
                f"CREATE TRIGGER {table}_on BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN ({backward}) EXECUTE FUNCTION {table}_refuse()",
                f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
            ],
        },
        {
            "sqlite": [f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"],
            "postgresql": [
                f"DROP TRIGGER {table}_on ON {table}",
                f"DROP TRIGGER {table}_stays ON {table}",
                f"DROP FUNCTION {table}_refuse()",
            ],
        },
    )


def day_ranges() -> ByVendor:
    """The range type that `no_overlap` needs on PostgreSQL: texts in the order of their bytes.

    An exclusion constraint over a key and a span needs either the extension btree_gist, which
    many servers lack, or one range that holds both: `key/first day` to `key/last day`.
    """
    return ByVendor(
        {"postgresql": ['CREATE TYPE key_days AS RANGE (subtype = text, collation = "C")']},
        {"postgresql": ["DROP TYPE key_days"]},
    )


def no_overlap(table: str, *columns: str) -> ByVendor:
    """Two rows with the same `columns` never share a day of `valid_from` to `valid_to`."""
    return ByVendor(
        {
            "sqlite": [_trigger(table, columns, verb) for verb in ("INSERT", "UPDATE")],
            "postgresql": [_exclusion(table, columns)],
        },
        {
            "sqlite": [f"DROP TRIGGER {table}_no_overlap_{v}" for v in ("insert", "update")],
            "postgresql": [f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap"],
        },
    )


def _trigger(table: str, columns: Sequence[str], verb: str) -> str:
    same = " AND ".join(f"other.{column} = NEW.{column}" for column in columns)
    return (
        f"CREATE TRIGGER {table}_no_overlap_{verb.lower()} AFTER {verb} ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} AS other WHERE {same} AND other.rowid <> NEW.rowid "
        "AND other.valid_from <= coalesce(NEW.valid_to, '9999-12-31') "
        "AND coalesce(other.valid_to, '9999-12-31') >= NEW.valid_from) "
        f"BEGIN SELECT RAISE(ABORT, '{table}_no_overlap'); END"
    )


def _exclusion(table: str, columns: Sequence[str]) -> str:
    """Days are told as their distance from the year 1, which depends on no setting.

    Parts are joined by the unit separator, which no text of the record contains.
    """
    key = " || chr(31) || ".join((*columns, "{day}"))
    day = "lpad((%s - DATE '0001-01-01')::text, 7, '0')"
    first = key.format(day=day % "valid_from")
    last = key.format(day=f"coalesce({day % 'valid_to'}, '9')")
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist "
        f"(key_days({first}, {last}, '[]') WITH &&) DEFERRABLE INITIALLY IMMEDIATE"
    )
