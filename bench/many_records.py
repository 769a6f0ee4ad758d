"""A database full of teachers and training entries, written straight into the real tables.

Rows come in the order in which they would be recorded: entries by day, teachers at random. What
the verbs of the records would check is not checked: the point is to have much, soon.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from qiangshi.measure.scanning import Source, attached

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

ENTRIES_EACH = 10
_SCHOOL, _COUNTY = 60, 12_000  # teachers
_CITIES = 10  # however large the region: a larger one has larger cities

_RECORDED = (
    "TIMESTAMP '2026-01-05 08:00:00' AS known_from, '导入' AS recorded_by, '' AS recorded_source"
)
_DRAWN = "CREATE TEMP MACRO drawn(n, below) AS (hash(n) % below)::BIGINT"
_PLACES = """
SELECT 'R' AS organisation_id, NULL AS parent_id, 'R/' AS path, 0 AS depth, 0 AS place,
    '示范省' AS name, 'bureau' AS kind, 'region' AS tier
UNION ALL
SELECT printf('M%02d', m), 'R', printf('R/M%02d/', m), 1, 1 + m, printf('第%d市', m),
    'bureau', 'region' FROM range({cities}) t(m)
UNION ALL
SELECT printf('C%05d', c), printf('M%02d', c % {cities}),
    printf('R/M%02d/C%05d/', c % {cities}, c), 2, 1 + {cities} + c, printf('第%d县', c),
    'bureau', 'county' FROM range({counties}) t(c)
UNION ALL
SELECT printf('S%06d', s), printf('C%05d', s % {counties}),
    printf('R/M%02d/C%05d/S%06d/', (s % {counties}) % {cities}, s % {counties}, s), 3,
    1 + {cities} + {counties} + s, printf('第%d小学', s),
    'primary_school', 'school' FROM range({schools}) t(s)
"""
_PEOPLE = """
SELECT p, printf('P%07d', p) AS person_id,
    ['王','李','张','刘','陈','杨','赵','黄','周','吴'][1 + drawn(p, 10)] ||
    ['伟','芳','娜','敏','静','丽','强','磊','军','洋'][1 + drawn(p + 7, 10)] ||
    ['', '明', '华', '玲', '杰'][1 + drawn(p + 11, 5)] AS name,
    ['male', 'female'][1 + drawn(p + 1, 2)] AS sex,
    DATE '1963-01-01' + drawn(p + 2, 14000)::INTEGER AS born_on,
    printf('S%06d', drawn(p + 3, {schools})) AS organisation_id,
    ['primary', 'junior', 'senior'][1 + drawn(p + 4, 3)] AS stage,
    ['chinese', 'mathematics', 'english'][1 + drawn(p + 5, 3)] AS subject,
    ['bachelor', 'master', 'junior_college'][1 + drawn(p + 6, 3)] AS education_level,
    ['first', 'second', 'senior'][1 + drawn(p + 8, 3)] AS title_rank,
    drawn(p + 9, 5) = 0 AS is_homeroom_teacher
FROM range({teachers}) t(p)
"""
_ENTRIES = """
SELECT printf('T%010d', e) AS training_entry_id,
    printf('P%07d', drawn(e, {teachers})) AS person_id,
    DATE '2021-01-01' + (e * 1826 // {entries})::INTEGER AS completed_on,
    printf('%d年%s第%d期', 2021 + e * 5 // {entries},
        ['校本研修', '师德师风专题教育', '信息技术应用能力提升'][1 + e % 3], e % 80) AS title,
    ['school_based', 'ethics', 'ict', 'subject_training', 'backbone'][1 + drawn(e + 1, 5)]
        AS category,
    ['school', 'county', 'city', 'national'][1 + drawn(e + 2, 4)] AS level,
    CASE WHEN drawn(e + 3, 50) = 0 THEN NULL ELSE drawn(e + 3, 160) / 2 END AS hours,
    drawn(e + 4, 10) <> 0 AS is_recognised,
    ['face_to_face', 'online', 'school_based', NULL][1 + drawn(e + 5, 4)] AS mode
FROM range({entries}) t(e)
"""
_LARGE = ("people_person", "people_person_state", "training_training_entry")
STATEMENTS = (_PLACES, _PEOPLE, _ENTRIES)


class Filling:
    """Fills the empty, migrated database that `source` names."""

    def __init__(self, source: Source, teachers: int) -> None:
        self.source = source
        schools = max(teachers // _SCHOOL, 1)
        numbers = {"teachers": teachers, "entries": teachers * ENTRIES_EACH, "schools": schools}
        numbers["counties"] = max(teachers // _COUNTY, _CITIES)
        numbers["cities"] = _CITIES
        self.places, self.people, self.entries = (
            text.format(**numbers) for text in (_PLACES, _PEOPLE, _ENTRIES)
        )

    def fill(self) -> None:
        """All rows, and the indexes over them."""
        with _without_indexes(self.source), attached(self.source, access="READ_WRITE") as database:
            database.execute(_DRAWN)
            for table, query in self._tables():
                _insert(database, table, query)

    def _tables(self) -> Iterator[tuple[str, str]]:
        since = "DATE '2010-09-01' AS valid_from"
        yield "organisations_organisation", f"SELECT * FROM ({self.places})"
        yield (
            "organisations_organisation_state",
            (
                f"SELECT row_number() OVER () AS id, {_RECORDED}, {since}, organisation_id,"
                f" parent_id,"
                f" name, kind, tier, 'public' AS ownership, 'rural' AS urban_rural"
                f" FROM ({self.places})"
            ),
        )
        yield (
            "people_person",
            (
                f"SELECT {_RECORDED}, person_id, name, sex, born_on, 'han' AS ethnic_group,"
                f" organisation_id FROM ({self.people})"
            ),
        )
        yield (
            "people_person_state",
            (
                f"SELECT p + 1 AS id, {_RECORDED}, {since}, person_id, organisation_id,"
                f" 'teacher' AS staff_class, 'established' AS employment_kind, stage, subject,"
                f" education_level, title_rank, {self._truth('is_homeroom_teacher')},"
                f" 'in_post' AS status FROM ({self.people})"
            ),
        )
        yield (
            "training_training_entry",
            (
                f"SELECT {_RECORDED}, * REPLACE ({self._truth('is_recognised')})"
                f" FROM ({self.entries})"
            ),
        )

    def _truth(self, column: str) -> str:
        """SQLite has no truths: Django writes 0 and 1."""
        kind = "INTEGER" if self.source.vendor == "sqlite" else "BOOLEAN"
        return f"CAST({column} AS {kind}) AS {column}"


def _insert(database: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    names = [
        column[0] for column in database.execute(f"SELECT * FROM ({query}) LIMIT 0").description
    ]
    told = ", ".join(f'"{name}"' for name in names)
    database.execute(f'INSERT INTO "{table}" ({told}) {query}')


@contextmanager
def _without_indexes(source: Source) -> Iterator[None]:
    """An index over ten million rows is built sooner than it is kept."""
    around = _sqlite_without if source.vendor == "sqlite" else _postgresql_without
    with around(source.address):
        yield


@contextmanager
def _sqlite_without(address: str) -> Iterator[None]:
    named = ", ".join(f"'{table}'" for table in _LARGE)
    which = f"sql IS NOT NULL AND type IN ('index', 'trigger') AND tbl_name IN ({named})"
    with closing(sqlite3.connect(address, isolation_level=None)) as file:
        made = file.execute(f"SELECT type, name, sql FROM sqlite_master WHERE {which}").fetchall()
        for kind, name, _ in made:
            file.execute(f'DROP {kind} "{name}"')
    yield
    with closing(sqlite3.connect(address, isolation_level=None)) as file:
        for _, _, sql in made:
            file.execute(sql)


_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'x') AND conrelid::regclass::text = ANY(%s)
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid::regclass::text = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


@contextmanager
def _postgresql_without(address: str) -> Iterator[None]:
    """References are checked once, over all rows.

    What excludes spans that overlap is left out: only a write asks for it, and over a million rows
    it takes an hour to build.
    """
    import psycopg

    with psycopg.connect(address, autocommit=True) as database:
        held = database.execute(_CONSTRAINTS, [list(_LARGE)]).fetchall()
        for table, name, _ in held:
            database.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
        indexes = database.execute(_INDEXES, [list(_LARGE)]).fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}".encode())
    yield
    with psycopg.connect(address, autocommit=True) as database:
        database.execute("SET maintenance_work_mem = '512MB'")
        for _, sql in indexes:
            database.execute(sql.encode())
        for table, name, sql in held:
            if sql.startswith("EXCLUDE"):
                continue
            database.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {sql}'.encode())
