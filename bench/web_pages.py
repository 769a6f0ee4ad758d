"""The five most used pages on a database full of teachers, beside a bare Django page.

Fills an empty database of the real migrations (SQLite in a folder of its own, or the PostgreSQL
that QIANGSHI_TEST_DATABASE_URL names: `.venv/bin/python -m tests.proof.postgres bench/web
--database postgresql`), once at a tenth of the size and once whole. Both servers run side by side
with two processes each; rounds take turns, so that whatever else the machine does hits both alike.
Printed for each page: requests a second with four clients, median and 99th percentile, both as
multiples of the bare page's; its queries and bytes at both sizes, which must not grow.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.many_records import Filling
from qiangshi.measure.scanning import Source, attached
from qiangshi.policy import load_plan, load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ON = date(2025, 12, 31)
PLAN = "jiyuan-2021"
CLIENTS, ROUNDS, EACH = 4, 6, 20
_ADDRESS = "QIANGSHI_TEST_DATABASE_URL"
_PHRASE = "kq7m-32xd-mmpa-9vte"
PAGES = {
    # Name → who opens it, and its address.
    "home": ("zhao", "/"),
    "worklist": ("zhao", "/work/"),
    "roster": ("zhao", "/roster/"),
    "board": ("zhao", "/board/R/"),
    "person": ("sun", "/people/{person}/"),
}
_RESULTS = """
INSERT INTO analytics_measuredresult (id, run_id, plan, item, clause, kind, title_zh,
    organisation_id, tier, period, numerator, denominator, not_met, unknown, value, low, high,
    unit, op, target, status, outlook)
SELECT row_number() OVER (), 1, '{plan}', item, clause, kind, title, organisation_id, tier, '2025',
    n, 100, 100 - n, 0, n / 100, n / 100, n / 100, 'share', '>=', 0.9,
    CASE WHEN n >= 90 THEN 'met' ELSE 'not_met' END, ''
FROM (SELECT *, (hash(organisation_id || item) % 101)::DOUBLE AS n
    FROM organisations_organisation, ({items}))
"""


@dataclass
class Timed:
    """What the requests of one page took, in seconds, and how long all of them together."""

    each: list[float] = field(default_factory=list)
    together: float = 0.0

    def told(self, bare: Timed | None) -> dict[str, Any]:
        """Figures to print; multiples of the bare page's where there is one."""
        p99 = quantiles(self.each, n=100)[98]
        rate = len(self.each) / self.together
        found = {
            "requests_per_second": round(rate, 1),
            "p50_ms": round(median(self.each) * 1000, 1),
            "p99_ms": round(p99 * 1000, 1),
        }
        if bare is not None:
            found["times_bare"] = round(len(bare.each) / bare.together / rate, 2)
            found["p50_times_bare"] = round(median(self.each) / median(bare.each), 2)
        return found


class Bench:
    """A database of so many teachers, and the two servers on it."""

    def __init__(self, vendor: str, folder: Path, teachers: int) -> None:
        self.folder, self.teachers = folder, teachers
        folder.mkdir(parents=True)
        if vendor == "sqlite":
            self.address = f"sqlite:///{folder}/db.sqlite3"
            self.source = Source("sqlite", str(folder / "db.sqlite3"))
        else:
            self.address = _new_database(os.environ[_ADDRESS], f"web{teachers}")
            self.source = Source("postgresql", self.address)
        self.environment = {**os.environ, **_settings(folder, self.address)}

    def run(self, *command: str) -> None:
        """A program of this installation, on the database."""
        program = Path(sys.executable).with_name(command[0])
        subprocess.run([program, *command[1:]], env=self.environment, cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    def fill(self) -> None:
        """Records, a snapshot, results of every organisation on every item, and accounts."""
        self.run("qiangshi", "upgrade")
        Filling(self.source, self.teachers).fill()
        snapshot = self.folder / "taken"
        self.run("qiangshi", "snapshot", "--on", ON.isoformat(), "--out", str(snapshot))
        self.run("python", str(Path(__file__)), "--prepare", str(snapshot))
        with attached(self.source, access="READ_WRITE") as database:
            database.execute(_RESULTS.format(plan=PLAN, items=_items()))
        self.run("python", str(Path(__file__)), "--settle", str(snapshot))

    def known(self) -> dict[str, Any]:
        """Cookies of the accounts, a person to open, queries and bytes of every page."""
        program = [sys.executable, str(Path(__file__)), "--look", "here"]
        done = subprocess.run(program, env=self.environment, cwd=ROOT, check=True,
                              capture_output=True, text=True)  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @contextmanager
    def serving(self) -> Iterator[tuple[int, int]]:
        """Ports of the application and of the bare page."""
        ours, bare = _free_port(), _free_port()
        programs = Path(sys.executable).parent
        commands = [
            [str(programs / "qiangshi"), "serve", "--port", str(ours), "--job-workers", "0"],
            [str(programs / "granian"), "--interface", "wsgi", "--port", str(bare),
             "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error",
             "bench.bare_page:application"],
        ]  # fmt: skip
        with ExitStack() as stack:
            for command in commands:
                server = subprocess.Popen(command, env=self.environment, cwd=ROOT)
                stack.callback(server.wait)
                stack.callback(server.terminate)
            for port in (ours, bare):
                _wait_for(port)
            yield ours, bare

    def timed(self, known: dict[str, Any]) -> dict[str, Timed]:
        """Page → its times; rounds take turns."""
        found = {name: Timed() for name in ("bare", *PAGES)}
        with self.serving() as (ours, bare):
            asked = {name: (ours, *told) for name, told in known["addresses"].items()}
            asked["bare"] = (bare, "/", known["addresses"]["home"][1])
            for name, place in asked.items():
                _burst(Timed(), *place)
                print(f"warm: {name}", file=sys.stderr)
            for _ in range(ROUNDS):
                for name, place in asked.items():
                    _burst(found[name], *place)
        return found


def _burst(timed: Timed, port: int, address: str, cookie: str) -> None:
    """Four clients, each asking one after the other."""

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        for _ in range(EACH):
            start = perf_counter()
            connection.request("GET", address, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"expected 200 of {address}, got {answer.status}")
            timed.each.append(perf_counter() - start)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    start = perf_counter()
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    timed.together += perf_counter() - start


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    waiting = threading.Event()
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            waiting.wait(0.1)
        else:
            return
    sys.exit(f"expected a server on {port} within a minute, got none")


def _settings(folder: Path, address: str) -> dict[str, str]:
    from qiangshi_web.settings import environment

    environment.write_keys(folder / "keys.json", environment.new_keys())
    return {
        "DJANGO_SETTINGS_MODULE": "qiangshi_web.settings.production",
        "QIANGSHI_SECRET_KEY": "bench" * 12,
        "QIANGSHI_KEYS_FILE": str(folder / "keys.json"),
        "QIANGSHI_ALLOWED_HOSTS": "127.0.0.1,testserver",
        "QIANGSHI_DATABASE_URL": address,
        "QIANGSHI_FOLDER": str(folder / "home"),
        "QIANGSHI_PLANS": f"national-floors,{PLAN}",
        "QIANGSHI_HTTPS": "false",
        "QIANGSHI_LOG_REQUESTS": "false",
    }


def _new_database(address: str, name: str) -> str:
    import psycopg

    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def _items() -> str:
    """The plan's items as rows."""
    plan = load_plan(PLAN, vocabulary=load_vocabulary())
    rows = [
        f"('{ref}', '{item.clause}', '{ref.partition(':')[0]}', '{item.title.zh}')"
        for ref, item in plan.items.items()
        if ref.partition(":")[0] in {"standard", "indicator", "programme", "fund"}
    ]
    return f"SELECT * FROM (VALUES {', '.join(rows)}) AS i(item, clause, kind, title)"


def prepare(snapshot: Path) -> None:
    """The run that the results belong to, and two accounts."""
    from qiangshi.measure import read_snapshot
    from qiangshi_web.analytics.models import MeasuredSnapshot
    from qiangshi_web.analytics.plans import plans_sha256
    from qiangshi_web.identity.actions import grant_role, open_account
    from qiangshi_web.kernel import clock

    MeasuredSnapshot.objects.create(
        pk=1,
        folder=str(snapshot),
        on=ON,
        sha256=read_snapshot(snapshot).sha256,
        plans_sha256=plans_sha256([PLAN]),
        plan_ids=[PLAN],
        made_at=clock.now(),
    )
    for name, role, place in (
        ("zhao", "bureau_officer", "R"),
        ("sun", "principal", "S000001"),
    ):
        user = open_account(username=name, name=name, password=_PHRASE)
        grant_role(user=user, role=role, organisation_id=place, valid_from=ON)


def settle() -> None:
    """What a database does by itself over night: look at how its values are spread."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def look() -> dict[str, Any]:
    """Addresses with cookies; queries and bytes of every page, the second time it is opened."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.identity.queries import accounts

    person = Person.objects.filter(organisation="S000001").earliest("pk").pk
    addresses, seen = {}, {}
    for name, (who, pattern) in PAGES.items():
        browser, address = Client(), pattern.format(person=person)
        browser.force_login(accounts([who])[0], "django.contrib.auth.backends.ModelBackend")
        addresses[name] = (address, f"sessionid={browser.cookies['sessionid'].value}")
        browser.get(address)
        start = perf_counter()
        with CaptureQueriesContext(connection) as caught:
            content = browser.get(address).content
        seconds = perf_counter() - start
        slowest = sorted(caught.captured_queries, key=lambda one: -float(one["time"]))[:2]
        seen[name] = {"queries": len(caught), "bytes": len(content),
                      "alone_ms": round(seconds * 1000)}  # fmt: skip
        if os.environ.get("BENCH_SHOW"):
            for one in slowest:
                print(one["time"], one["sql"][:1500], file=sys.stderr)
    return {"addresses": addresses, "seen": seen}


def measured(vendor: str, teachers: int) -> dict[str, Any]:
    """What to print."""
    with tempfile.TemporaryDirectory(prefix="qiangshi-bench-") as folder:
        small = Bench(vendor, Path(folder) / "small", teachers // 10)
        small.fill()
        before = small.known()["seen"]
        whole = Bench(vendor, Path(folder) / "whole", teachers)
        whole.fill()
        known = whole.known()
        print(json.dumps(known["seen"], ensure_ascii=False), file=sys.stderr)
        times = whole.timed(known)
    pages = {
        name: {
            **times[name].told(times["bare"]),
            "queries": known["seen"][name]["queries"],
            "queries_at_a_tenth": before[name]["queries"],
            "kb": round(known["seen"][name]["bytes"] / 1024, 1),
            "kb_at_a_tenth": round(before[name]["bytes"] / 1024, 1),
            **{key: value for key, value in known["seen"][name].items() if key == "slowest"},
        }
        for name in PAGES
    }
    return {"database": vendor, "teachers": teachers, "bare": times["bare"].told(None), **pages}


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teachers", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    for inner in ("--prepare", "--settle", "--look"):  # steps that need the application
        parser.add_argument(inner, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare or asked.settle or asked.look:
        import django

        django.setup()
    if asked.prepare:
        prepare(Path(asked.prepare))
    elif asked.settle:
        settle()
    elif asked.look:
        print(json.dumps(look()))
    else:
        print(json.dumps(measured(asked.database, asked.teachers), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
