"""Two hundred actions while processes are killed: `python -m tests.web.operation.storm FOLDER`.

A whole installation under the settings of production serves four clients. Meanwhile page processes
and job workers are killed, and on PostgreSQL its server; a backup is made as well. Told as JSON:
what was answered as done and is not there, and what the log and the restored backup say.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.web.operation.storm_processes import (
    QIANGSHI,
    SEED,
    free_port,
    kill_child,
    served,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.proof.postgres import Cluster

MIX = {"entry": 92, "delegation": 52, "revocation": 40, "import": 4, "reading": 12}
CLIENTS = 4
PAUSE = 0.3  # seconds after an action that was not answered
DAY, LATER = date(2024, 1, 1), date(2031, 1, 1)
TOKEN = "qs_" + "0" * 43


@dataclass(frozen=True)
class Action:
    """One thing that is asked for, and the number that it is found again by."""

    kind: str
    number: int


@dataclass
class Storm:
    """The installation under attack, and what became of each action."""

    port: int
    cookie: str
    grant: int
    tokens: list[int]
    actions: queue.SimpleQueue[Action] = field(default_factory=queue.SimpleQueue)
    done: list[Action] = field(default_factory=list)
    tried: int = 0
    turn: threading.Condition = field(default_factory=threading.Condition)
    held: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """A client: one action after the other."""
        waiting = threading.Event()
        while True:
            try:
                action = self.actions.get_nowait()
            except queue.Empty:
                return
            answered = self.try_one(action)
            with self.turn:
                self.tried += 1
                self.done += [action] if answered else []
                self.turn.notify_all()
            if not answered:
                waiting.wait(PAUSE)
            if self.tried >= HOLD_AT:
                self.held.wait()

    def try_one(self, action: Action) -> bool:
        """Whether it was answered as done."""
        try:
            return self.ask(action) in {200, 202, 302}
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, action: Action) -> int:
        """The status of the answer."""
        method, address, body, headers = self.request(action)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def request(self, action: Action) -> tuple[str, str, bytes | None, dict[str, str]]:
        """How an action is asked for."""
        number = action.number
        mark = "m" * 32
        form = {"Cookie": f"{self.cookie}; csrftoken={mark}", "X-CSRFToken": mark,
                "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        if action.kind == "entry":
            told = {"completed_on": entry_day(number), "category": "ethics", "hours": "2",
                    "is_recognised": "true"}  # fmt: skip
            return "POST", "/people/T1/add/training_entry/", urlencode(told).encode(), form
        if action.kind == "delegation":
            first = delegation_day(number)
            told = {"grant": str(self.grant), "to": "wu", "valid_from": first, "valid_to": first,
                    "reason": "外出"}  # fmt: skip
            return "POST", "/rights/delegate/", urlencode(told).encode(), form
        if action.kind == "revocation":
            return "POST", f"/tokens/{self.tokens[number]}/revoke/", b"", form
        if action.kind == "import":
            told_file = upload(number)
            kind = "multipart/form-data; boundary=b"
            return "POST", "/api/v1/imports", told_file, {**bearer, "Content-Type": kind}
        return "GET", "/api/v1/people", None, bearer


HOLD_AT = 120


def entry_day(number: int) -> str:
    """The day by which an entry is known."""
    return (DAY + timedelta(days=number)).isoformat()


def delegation_day(number: int) -> str:
    """The day by which a delegation is known."""
    return (LATER + timedelta(days=number)).isoformat()


def content(number: int) -> bytes:
    """A file of its own."""
    return f"教师编号,完成日期\nT1,{entry_day(number)}\n".encode()


def upload(number: int) -> bytes:
    """It, as a browser sends it."""
    head = f'Content-Disposition: form-data; name="file"; filename="{number}.csv"'
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + content(number) + b"\r\n--b--\r\n"


def main() -> None:
    """Everything, in order."""
    folder = Path(sys.argv[1])
    like = os.environ.pop("QIANGSHI_TEST_DATABASE_URL")
    with installation(folder, like) as cluster:
        import django

        django.setup()
        storm = prepared()
        with served(storm.port) as server:
            backup = run_storm(storm, server, cluster, folder)
        told = checked(storm)
        told["backup"] = restored(backup, folder, cluster)
    print(json.dumps(told, ensure_ascii=False))


@contextlib.contextmanager
def installation(folder: Path, like: str) -> Iterator[Cluster | None]:
    """Settings of production on a database of one's own that holds the tables of `like`."""
    from qiangshi_web.settings import environment

    environment.write_keys(folder / "keys.json", environment.new_keys())
    (folder / "home").mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.production",
        "QIANGSHI_SECRET_KEY": "storm" * 12,
        "QIANGSHI_SECOND_FACTOR": "false",  # its principal signs in with a password alone
        "QIANGSHI_KEYS_FILE": str(folder / "keys.json"),
        "QIANGSHI_ALLOWED_HOSTS": "127.0.0.1",
        "QIANGSHI_FOLDER": str(folder / "home"),
        "QIANGSHI_HTTPS": "false",
        "QIANGSHI_LOG_REQUESTS": "false",
    }
    if like.startswith("sqlite"):
        shutil.copy(like.removeprefix("sqlite:///"), folder / "storm.sqlite3")
        os.environ["QIANGSHI_DATABASE_URL"] = f"sqlite:///{folder / 'storm.sqlite3'}"
        yield None
        return
    from tests.proof.postgres import OUTLIVES_ITS_PROCESSES, Cluster

    with (
        tempfile.TemporaryDirectory(prefix="qs-storm-") as own,
        (folder / "server.log").open("wb") as out,
    ):
        cluster = Cluster.made(Path(own), out.fileno())
        cluster.settings = OUTLIVES_ITS_PROCESSES
        cluster.start()
        try:
            copied(like, cluster.address)
            os.environ["QIANGSHI_DATABASE_URL"] = cluster.address
            yield cluster
        finally:
            cluster.kill()


def copied(like: str, address: str) -> None:
    """All tables of one database into another."""
    from qiangshi_web.operation.copying import program

    dump = subprocess.run([program("pg_dump"), like], capture_output=True, check=True)
    load = [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", address]
    subprocess.run(load, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)


def prepared() -> Storm:
    """A school with its principal, a teacher, and tokens to take back."""
    from django.db import connection
    from django.test import Client

    from qiangshi_web.api.models import PersonalToken
    from qiangshi_web.api.queries import digest_of
    from qiangshi_web.contexts.organisations.queries import path_of
    from qiangshi_web.identity.actions import grant_role, open_account
    from qiangshi_web.jobs.declaring import SCHEDULE
    from qiangshi_web.jobs.models import StartedOn
    from qiangshi_web.kernel import clock
    from tests.web.records.factories import AT, OPENED, school, teacher

    teacher("T1", school("S1"))
    user = open_account(username="sun", name="孙校长", password="kq7m-32xd-mmpa-9vte")
    open_account(username="wu", name="吴老师", password="kq7m-32xd-mmpa-9vte")
    grant = grant_role(user=user, role="principal", organisation_id="S1", valid_from=OPENED)
    last = clock.today() + timedelta(days=9)
    common = {"user": user, "path": path_of("S1"), "valid_from": OPENED, "valid_to": last,
              "issued_at": AT, "may_write": True, "areas": ["people", "records"]}  # fmt: skip
    PersonalToken.objects.create(name="程序", digest=digest_of(TOKEN), **common)
    tokens = [
        PersonalToken.objects.create(name=f"{number}", digest=f"{number}", **common).pk
        for number in range(MIX["revocation"])
    ]
    for one in SCHEDULE:  # the night's work would only cost time
        for back in range(9):
            StartedOn.objects.create(job=one, on=clock.today() - timedelta(days=back))
    browser = Client()
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    storm = Storm(free_port(), cookie, grant.pk, tokens)
    actions = [Action(kind, number) for kind, count in MIX.items() for number in range(count)]
    random.Random(SEED).shuffle(actions)
    for action in actions:
        storm.actions.put(action)
    connection.close()
    return storm


def run_storm(storm: Storm, server: int, cluster: Cluster | None, folder: Path) -> Path:
    """All actions, all kills and the backup."""
    clients = [threading.Thread(target=storm.work) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    reached(storm, 30)
    kill_child(server, "serve")
    out = folder / "backup.tar.gz"
    backup = subprocess.Popen([*QIANGSHI, "backup", "--out", str(out)], stdout=subprocess.DEVNULL)
    reached(storm, 70)
    kill_child(server, "work")
    if backup.wait():
        raise RuntimeError("expected a backup, got none")
    storm.held.set()
    reached(storm, HOLD_AT)
    kill_database(server, cluster)
    reached(storm, 145)
    kill_child(server, "serve")
    reached(storm, 170)
    kill_database(server, cluster)
    for client in clients:
        client.join()
    return out


def reached(storm: Storm, count: int) -> None:
    """Wait until so many were tried."""
    with storm.turn:
        storm.turn.wait_for(lambda: storm.tried >= count or storm.actions.empty(), 60)


def kill_database(server: int, cluster: Cluster | None) -> None:
    """The server of PostgreSQL; SQLite lives in the processes that use it."""
    if cluster is None:
        kill_child(server, "serve")
        return
    cluster.kill()
    cluster.start()


def checked(storm: Storm) -> dict[str, Any]:
    """What was answered as done and is not there; whether the log is whole."""
    from qiangshi_web.api.models import PersonalToken
    from qiangshi_web.contexts.training.models import TrainingEntry
    from qiangshi_web.exchange.folders import source_of
    from qiangshi_web.exchange.models import ImportFile
    from qiangshi_web.identity.models import Grant
    from qiangshi_web.jobs.models import Job
    from qiangshi_web.kernel.chain.anchors import anchor_file, read_anchor
    from qiangshi_web.kernel.chain.verifying import verify
    from qiangshi_web.kernel.events import Event

    entries = {f"{day}" for day in TrainingEntry.objects.values_list("completed_on", flat=True)}
    grants = {
        f"{day}"
        for day in Grant.objects.exclude(delegated_from=None).values_list("valid_from", flat=True)
    }
    revoked = set(PersonalToken.objects.exclude(revoked_at=None).values_list("pk", flat=True))
    files = {file.sha256: file for file in ImportFile.objects.all()}
    jobs = set(Job.objects.exclude(state__in=("failed", "cancelled")).values_list("pk", flat=True))

    def is_kept(file: ImportFile | None) -> bool:
        return file is not None and file.job_id in jobs and source_of(file).exists()

    there: dict[str, Callable[[int], bool]] = {
        "entry": lambda number: entry_day(number) in entries,
        "delegation": lambda number: delegation_day(number) in grants,
        "revocation": lambda number: storm.tokens[number] in revoked,
        "import": lambda number: is_kept(files.get(hashlib.sha256(content(number)).hexdigest())),
        "reading": lambda _: True,
    }
    lost = [f"{one.kind} {one.number}" for one in storm.done if not there[one.kind](one.number)]
    told = Event.objects.values_list("relation", flat=True)
    found = verify(read_anchor(anchor_file()))
    return {
        "tried": storm.tried,
        "done": len(storm.done),
        "lost": lost,
        "faults": [fault.text_zh for fault in found.faults],
        "rows": [len(entries), len(grants), len(revoked)],
        "events": [
            sum(relation == name for relation in told)
            for name in ("training_entry", "grant", "personal-token")
        ],
    }


def restored(backup: Path, folder: Path, cluster: Cluster | None) -> str:
    """What the backup says of itself when it comes back elsewhere."""
    if cluster is None:
        address = f"sqlite:///{folder / 'other.sqlite3'}"
    else:
        import psycopg

        with psycopg.connect(cluster.address, autocommit=True) as admin:
            admin.execute("CREATE DATABASE other")
        address = cluster.address.replace("/postgres?", "/other?")
    environment = {"QIANGSHI_DATABASE_URL": address, "QIANGSHI_FOLDER": str(folder / "other")}
    done = subprocess.run(
        [*QIANGSHI, "restore", str(backup)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
