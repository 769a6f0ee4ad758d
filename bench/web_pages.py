"""The five most used pages on a database full of teachers, beside a bare Django page.

    bench/web --teachers 1000000 --database sqlite --json
    bench/web --teachers 1000000 --database postgresql --json

The databases, one whole and one of a tenth, are filled once and kept in `--home`: see
`web_databases`. Both servers run side by side with two processes each; rounds take turns, so that
whatever else the machine does hits both alike. Told for each page: requests a second with four
clients, median and 99th percentile, both as multiples of the bare page's; its queries and bytes at
both sizes. Of the persons' pages two lines are told: `person` is opened again, as a school opens
those of its staff all day: every process has drawn each of them before. `person_first` is opened
for the first time since the records were measured, each request another person of the region. That
judges her anew, which no bare page is like: it is not held to a multiple, but to not growing.

Ends with 1, and tells what was missed: where a page of the five takes more than five times the
bare page's time, where its queries or its bytes grow with the region, or where a first opening
takes more of a processor in a region ten times as large.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.web_databases import ON, PLAN, ROOT, SNAPSHOT, databases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.web_databases import Database, Vendor

CLIENTS, ROUNDS, EACH = 4, 6, 20
MOST_TIMES_BARE = 5.0
MORE_WORK = 1.5  # of a processor: the same work twice differs by less
MORE_BYTES = 1.1  # more digits, longer names, other persons; nothing for each of ten times as many
_PHRASE = "kq7m-32xd-mmpa-9vte"
_OFFICE, _SCHOOL = "zhao", "sun"
PAGES = {
    # Name → who opens it, and its address.
    "home": (_OFFICE, "/"),
    "worklist": (_OFFICE, "/work/"),
    "roster": (_OFFICE, "/roster/"),
    "board": (_OFFICE, "/board/R/"),
    "person": (_SCHOOL, "/people/{person}/"),
}
FIRST = "person_first"
_FIRST_TIMES = 5000  # persons, more than are asked for
_FIRST_SEEN = 21
_WARMING = 5
_WARM_BURSTS = 3  # twelve connections: that one process gets them all is one in two thousand
_WAITING = 12  # pairs of numbers for the office to look at


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


@contextmanager
def serving(database: Database) -> Iterator[tuple[int, int]]:
    """Ports of the application and of the bare page."""
    ours, bare = _free_port(), _free_port()
    programs = Path(sys.executable).parent
    commands = [
        [str(programs / "qiangshi"), "serve", "--port", str(ours), "--job-workers", "0"],
        [str(programs / "granian"), "--interface", "wsgi", "--port", str(bare),
         "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error",
         "bench.bare_program:application"],
    ]  # fmt: skip
    with ExitStack() as stack:
        for command in commands:
            server = subprocess.Popen(command, env=database.environment, cwd=ROOT)
            stack.callback(server.wait)
            stack.callback(server.terminate)
        for port in (ours, bare):
            _wait_for(port)
        yield ours, bare


@dataclass(frozen=True)
class Asked:
    """A page to ask for: the port, its addresses in turn, and the cookie of who opens it."""

    port: int
    addresses: Iterator[str]
    cookie: str


def timed(database: Database, known: dict[str, Any], rounds: int) -> dict[str, Timed]:
    """Page → its times; rounds take turns."""
    with serving(database) as (ours, bare):
        asked = {"bare": Asked(bare, cycle(["/"]), known["cookies"][_OFFICE])}
        for name, (who, addresses) in known["pages"].items():
            asked[name] = Asked(ours, cycle(addresses), known["cookies"][who])
        for name, one in asked.items():
            _warm(one, known["again"].get(name, ["/"]))
            print(f"warm: {name}", file=sys.stderr)
        found = {name: Timed() for name in asked}
        for _ in range(rounds):
            for name, one in asked.items():
                _burst(found[name], one)
    return found


def _warm(asked: Asked, addresses: list[str]) -> None:
    """Let every process draw all of these."""
    again = list(dict.fromkeys(addresses)) * CLIENTS
    for _ in range(_WARM_BURSTS):
        _burst(Timed(), replace(asked, addresses=iter(again)), len(again) // CLIENTS)


def _burst(timed: Timed, asked: Asked, each: int = EACH) -> None:
    """Four clients, each asking one after the other."""

    def client(addresses: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=600)
        for address in addresses:
            start = perf_counter()
            connection.request("GET", address, headers={"Cookie": asked.cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"expected 200 of {address}, got {answer.status}")
            timed.each.append(perf_counter() - start)

    clients = [
        threading.Thread(target=client, args=([next(asked.addresses) for _ in range(each)],))
        for _ in range(CLIENTS)
    ]
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


def known_of(database: Database) -> dict[str, Any]:
    """Cookies of the accounts, addresses, queries and bytes of every page."""
    program = [sys.executable, str(Path(__file__)), "--look", "here"]
    done = subprocess.run(program, env=database.environment, cwd=ROOT, check=True,
                          capture_output=True, text=True)  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def prepare(snapshot: Path) -> None:
    """The run that the results belong to, two accounts, and something that waits."""
    from qiangshi.measure import read_snapshot
    from qiangshi_web.analytics.models import MeasuredSnapshot
    from qiangshi_web.analytics.plans import plans_sha256
    from qiangshi_web.identity.actions import grant_role, open_account
    from qiangshi_web.kernel import clock

    on = date.fromisoformat(ON)
    MeasuredSnapshot.objects.create(
        pk=1,
        folder=SNAPSHOT,
        on=on,
        sha256=read_snapshot(snapshot).sha256,
        plans_sha256=plans_sha256([PLAN]),
        plan_ids=[PLAN],
        made_at=clock.now(),
    )
    for name, role, place in (
        (_OFFICE, "bureau_officer", "R"),
        (_SCHOOL, "principal", "S000001"),
    ):
        user = open_account(username=name, name=name, password=_PHRASE)
        grant_role(user=user, role=role, organisation_id=place, valid_from=on)
    _let_wait(on)


def _let_wait(on: date) -> None:
    """Pairs of numbers that may be one person's, the same in a region of any size."""
    from qiangshi_web.contexts.people.models import PossibleDuplicate
    from qiangshi_web.kernel import clock

    PossibleDuplicate.objects.bulk_create(
        PossibleDuplicate(
            possible_duplicate_id=f"D{number}",
            first_id=f"P{number:07d}",
            second_id=f"P{number + _WAITING:07d}",
            found_on=on,
            state="open",
            known_from=clock.now(),
            recorded_by="bench",
            recorded_source="",
        )
        for number in range(_WAITING)
    )


def settle() -> None:
    """What a database does by itself over night: look at how its values are spread."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def look() -> dict[str, Any]:
    """Addresses with cookies; queries, bytes and processor time of every page opened again."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    from qiangshi_web.contexts.people.queries import Person
    from qiangshi_web.identity.queries import accounts
    from qiangshi_web.signon.queries import has_factor

    staff = Person.objects.filter(organisation="S000001").order_by("pk")
    schoolmates = list(staff.values_list("pk", flat=True))
    browsers = {}
    for who in (_OFFICE, _SCHOOL):
        browsers[who] = Client()
        account = accounts([who])[0]
        if not has_factor(account.pk):  # which who sees what is sensitive owes, as everywhere
            TOTP.activate(account, generate_totp_secret())
        browsers[who].force_login(account, "django.contrib.auth.backends.ModelBackend")
    pages = {
        name: (who, [pattern.format(person=one) for one in schoolmates])
        for name, (who, pattern) in PAGES.items()
    }
    seen = {name: _seen(browsers[who], addresses) for name, (who, addresses) in pages.items()}
    everybody = Person.objects.order_by("pk").values_list("pk", flat=True)[:_FIRST_TIMES]
    pages[FIRST] = (_OFFICE, [PAGES["person"][1].format(person=one) for one in everybody])
    seen[FIRST] = _first_seen(browsers[_OFFICE], pages[FIRST][1][-_WARMING - _FIRST_SEEN :])
    cookies = {who: f"sessionid={one.cookies['sessionid'].value}" for who, one in browsers.items()}
    again = {name: addresses for name, (_, addresses) in pages.items()}
    again[FIRST] = again[FIRST][-EACH:]  # of those, none is asked for later
    return {"cookies": cookies, "pages": pages, "again": again, "seen": seen}


def _seen(browser: Any, addresses: list[str]) -> dict[str, Any]:
    """Queries and processor time at the first address; the usual bytes of all."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = addresses[0]
    sizes = [len(browser.get(one).content) for one in addresses]
    for _ in range(_WARMING):
        browser.get(address)
    start = process_time()
    for _ in range(_WARMING):
        browser.get(address)
    spent = process_time() - start
    with CaptureQueriesContext(connection) as caught:
        browser.get(address)
    return {"queries": len(caught), "bytes": round(median(sizes)),
            "processor_ms": round(spent / _WARMING * 1000, 1)}  # fmt: skip


def _first_seen(browser: Any, addresses: list[str]) -> dict[str, Any]:
    """Processor time of pages that each are opened once, after what a process reads once."""
    spent = []
    for address in addresses:
        start = process_time()
        browser.get(address)
        spent.append(process_time() - start)
    return {"processor_ms": round(median(spent[_WARMING:]) * 1000, 1)}


def measured(vendor: Vendor, home: Path, teachers: int, rounds: int) -> dict[str, Any]:
    """What to tell."""
    home.mkdir(parents=True, exist_ok=True)
    with databases(vendor, home.resolve(), [teachers // 10, teachers]) as (small, whole):
        for one in (small, whole):
            one.filled(Path(__file__).resolve())
        before = known_of(small)["seen"]
        known = known_of(whole)
        times = timed(whole, known, rounds)
    pages = {name: times[name].told(times["bare"]) for name in (*PAGES, FIRST)}
    for name in pages:
        pages[name] |= known["seen"][name]
        pages[name] |= {f"{key}_at_a_tenth": value for key, value in before[name].items()}
    bare = times["bare"].told(None)
    return {"database": vendor, "teachers": teachers, "bare": bare, **pages}


def missed(told: dict[str, Any]) -> list[str]:
    """What the pages owe: in words, one for each."""
    found = []
    for name in PAGES:
        page = told[name]
        if page["times_bare"] > MOST_TIMES_BARE:
            found.append(f"{name}: {page['times_bare']} times the bare page")
        if page["queries"] != page["queries_at_a_tenth"]:
            found.append(f"{name}: {page['queries']} queries, {page['queries_at_a_tenth']} before")
        if page["bytes"] > page["bytes_at_a_tenth"] * MORE_BYTES:
            found.append(f"{name}: {page['bytes']} bytes, {page['bytes_at_a_tenth']} before")
    whole, tenth = (told[FIRST][f"processor_ms{size}"] for size in ("", "_at_a_tenth"))
    if whole > tenth * MORE_WORK:
        found.append(f"{FIRST}: {whole} ms of a processor, {tenth} before")
    return found


def _print(told: dict[str, Any]) -> None:
    heads = ("requests_per_second", "p50_ms", "p99_ms", "times_bare", "p50_times_bare",
             "processor_ms", "queries", "queries_at_a_tenth", "bytes",
             "bytes_at_a_tenth")  # fmt: skip
    print(f"{told['database']}, {told['teachers']} teachers")
    print(" " * 14, *(f"{head[:12]:>12}" for head in heads))
    for name in ("bare", *PAGES, FIRST):
        print(f"{name:14}", *(f"{told[name].get(head, ''):>12}" for head in heads))


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--teachers", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true")
    for inner in ("--prepare", "--settle", "--look"):  # steps that need the application
        parser.add_argument(inner, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare or asked.settle or asked.look:
        return _step(asked)
    told = measured(asked.database, asked.home, asked.teachers, asked.rounds)
    told["missed"] = missed(told)
    if asked.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(told)
    for one in told["missed"]:
        print(f"missed: {one}", file=sys.stderr)
    return 1 if told["missed"] else 0


def _step(asked: argparse.Namespace) -> int:
    import django

    django.setup()
    if asked.prepare:
        prepare(Path(asked.prepare))
    elif asked.settle:
        settle()
    else:
        print(json.dumps(look()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
