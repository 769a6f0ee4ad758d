"""Studios and workshops: of the city, of central schools, of schools; and the province's few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from qiangshi.synthetic.cohorts import started
from qiangshi.synthetic.columns import codes, days, digits_for, numbered, of
from qiangshi.synthetic.draft import Draft, Part
from qiangshi.synthetic.drawing import NO_DAY, Choice, Days, Ints, Mask, chosen
from qiangshi.synthetic.organisations import organisations
from qiangshi.synthetic.schools import STAGES
from qiangshi.synthetic.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = ("school", "township", "city", "province")
_FEWEST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Studios:
    """Studios in the order of the organisations that host them; `organisation` holds places."""

    ids: pa.Array[Any]
    organisation: Ints
    kind: Choice
    level: Choice
    subject: Choice
    since: Days
    until: Days


def studios(draft: Draft) -> Studios:
    """The studios and workshops of the region."""
    rng = draft.generator("studios")
    kinds = tuple(words()["studios"])
    made = [*_wider(draft, rng), *_lower(draft, rng)]
    hosts = np.concatenate([host for host, *_ in made])
    kind = np.repeat([kinds.index(kind) for _, kind, *_ in made], [len(each[0]) for each in made])
    level = np.repeat([LEVELS.index(level) for *_, level, _, _ in made], [len(e[0]) for e in made])
    since = np.concatenate([since for *_, since, _ in made])
    closed = np.concatenate([closed for *_, closed in made])
    order = np.lexsort((level, hosts))
    hosts, since = hosts[order], since[order]
    on = np.datetime64(draft.spec.on, "D")
    lived = np.floor((on - since).astype(np.int64) * rng.uniform(0.4, 0.9, len(hosts)))
    until = np.where(closed[order], since + lived.astype("timedelta64[D]"), NO_DAY)
    digits = digits_for(len(hosts), least=_FEWEST_DIGITS)
    return Studios(
        ids=numbered("W", np.arange(1, len(hosts) + 1), digits=digits),
        organisation=hosts,
        kind=Choice(kinds, kind[order].astype(np.int16)),
        level=Choice(LEVELS, level[order].astype(np.int16)),
        subject=_subjects(hosts, draft, rng),
        since=since,
        until=until,
    )


Made = tuple["Ints", str, str, "Days", "Mask"]
"""Hosts, kind, level, days of founding, which of them have closed."""


def _wider(draft: Draft, rng: np.random.Generator) -> list[Made]:
    """Those of the city and the province, at schools by size, or at rural ones."""
    schools = draft.ask(organisations)
    drawn: list[Made] = []
    for entry in draft.figures.entries("studios"):
        weights = schools.size.astype(np.float64)
        if entry["kind"] == "rural_chief_studio" and (schools.place.index > 0).any():
            weights = np.where(schools.place.index > 0, weights, 0.0)
        number = draft.scaled(entry["bodies"])
        hosts = np.sort(rng.choice(len(weights), number, p=weights / weights.sum()))
        since = started(rng, number, entry["since"], draft)
        closed = chosen(rng, number, entry.get("closed", 0.0))
        drawn.append((hosts, entry["kind"], entry["level"], since, closed))
    return drawn


def _lower(draft: Draft, rng: np.random.Generator) -> list[Made]:
    """Workshops of central schools and of the larger schools."""
    schools = draft.ask(organisations)
    settings: Mapping[str, Any] = draft.figures.by_name("lower_workshops")
    townships = np.flatnonzero(schools.kind.any_of("central_school"))
    of_townships = np.repeat(townships, int(settings["a_township"]))
    large = np.flatnonzero(schools.size >= settings["least_teachers"])
    of_schools = large[chosen(rng, len(large), settings["share_of_schools"])]
    return [
        (
            hosts,
            "teacher_workshop",
            level,
            started(rng, len(hosts), settings["since"], draft),
            chosen(rng, len(hosts), settings["closed"]),
        )
        for hosts, level in ((of_townships, "township"), (of_schools, "school"))
    ]


def _subjects(hosts: Ints, draft: Draft, rng: np.random.Generator) -> Choice:
    """A subject of the main stage of the school; any primary one at a central school."""
    table = draft.figures.tables("subjects")
    tokens = tuple(dict.fromkeys(subject for row in table.values() for subject in row))
    schools = draft.ask(organisations)
    stage = np.where(
        schools.is_school[hosts], schools.teachers[hosts].argmax(axis=1), STAGES.index("primary")
    )
    drawn = np.full(len(hosts), -1, dtype=np.int16)
    for place, name in enumerate(STAGES):
        rows = np.flatnonzero(stage == place)
        shares = np.array(list(table[name].values()))
        some = rng.choice(len(shares), len(rows), p=shares / shares.sum())
        drawn[rows] = np.array([tokens.index(subject) for subject in table[name]])[some]
    return Choice(tokens, drawn)


def studio_table(draft: Draft) -> pa.Table:
    """The relation `studio`."""
    made, schools = draft.ask(studios), draft.ask(organisations)
    endings = words()["studios"]
    subjects = [draft.label("subject", subject) for subject in made.subject.tokens]
    names = [
        f"{schools.names[host]}{subjects[subject]}{endings[made.kind.tokens[kind]]}"
        for host, subject, kind in zip(
            made.organisation, made.subject.index, made.kind.index, strict=True
        )
    ]
    return pa.table(
        {
            "studio_id": made.ids,
            "organisation_id": of(schools.ids, made.organisation),
            "name": pa.array(names, pa.string()),
            "kind": codes(made.kind),
            "level": codes(made.level),
            "subject": codes(made.subject),
            "is_rural": pa.array(schools.place.index[made.organisation] == 2),
            "valid_from": days(made.since),
            "valid_to": days(made.until),
        }
    )


PART = Part("studio", studio_table)
