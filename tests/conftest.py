"""What holds for every test: no network, the same examples for all, the database asked for."""

from __future__ import annotations

import functools
import gc
import ipaddress
import os
import socket
from typing import TYPE_CHECKING

import hypothesis
import pytest

from qiangshi.policy import yaml_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

# A failing example fails for everybody, on a busy machine as on a quiet one.
hypothesis.settings.register_profile(
    "house", derandomize=True, deadline=None, database=None, print_blob=True
)
hypothesis.settings.load_profile("house")

# A test makes hundreds of thousands of objects beside those that stay: Python would look through
# all of them after every seven hundred.
gc.set_threshold(100_000, 20, 20)

# The plans' files are read thousands of times: the same text, under the same name, is the same.
yaml_marks.marked = functools.cache(yaml_marks.marked)


def pytest_collection_finish() -> None:
    """What has been loaded stays until the end: it is not looked through any more."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run when a PostgreSQL was asked for and the settings chose something else."""
    asked = os.environ.get("QIANGSHI_TEST_DATABASE_URL", "")
    if not asked.startswith("postgres") or not config.pluginmanager.hasplugin("django"):
        return
    from django.conf import settings

    engine = settings.DATABASES["default"]["ENGINE"]
    if not engine.endswith("postgresql"):
        raise pytest.UsageError(f"expected tests on PostgreSQL, got {engine}")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Nothing but this machine is reached; a test that tries fails at once and says where to."""
    reach = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address):
            raise OSError(f"expected an address of this machine, got {address!r}")
        reach(self, address)  # type: ignore[arg-type] # whatever the caller gave

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


def _is_here(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
