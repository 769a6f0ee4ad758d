"""Apache's certified relying party lets in whom we know, and forgets whom we sign out.

Needs Debian's apache2-bin and libapache2-mod-auth-openidc: `bin/test --only apache`.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from contextlib import contextmanager
from grp import getgrgid
from pathlib import Path
from pwd import getpwnam, getpwuid
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from tests.journeys.platforms import Addresses, free_port, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.journeys.conftest import Demonstration, Door, Places

MODULES = Path("/usr/lib/apache2/modules")
NEEDED = ("mpm_event", "authn_core", "authz_core", "authz_user", "alias", "cgid", "auth_openidc")
CALLBACK = "/inside/callback"

SETTINGS = """
ServerRoot {root}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
User {user}
Group {group}
PidFile {root}/pid
ErrorLog {root}/error.log
LogLevel warn
ScriptSock {root}/cgi.sock
DocumentRoot {root}/pages
OIDCProviderMetadataURL {provider}/.well-known/openid-configuration
OIDCClientID {name}
OIDCClientSecret {secret}
OIDCRedirectURI http://127.0.0.1:{port}{callback}
OIDCDefaultURL http://127.0.0.1:{port}/inside/who
OIDCScope "openid profile roles"
OIDCPKCEMethod S256
OIDCResponseType code
OIDCCryptoPassphrase {phrase}
ScriptAlias /inside/who {root}/who.sh
<Location /inside/>
  AuthType openid-connect
  Require valid-user
</Location>
<Directory {root}>
  Require all granted
</Directory>
"""
WHO = "#!/bin/sh\necho 'Content-Type: text/plain; charset=utf-8'\necho\nenv | grep ^OIDC_CLAIM_\n"


@contextmanager
def apache(demonstration: Demonstration, root: Path) -> Iterator[str]:
    """A platform behind Apache's own guard; its address."""
    program = shutil.which("apache2", path="/usr/sbin:/usr/bin")
    assert program, "expected Apache: apt install apache2-bin"
    guard = MODULES / "mod_auth_openidc.so"
    assert guard.exists(), "expected its guard: apt install libapache2-mod-auth-openidc"
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    back = f"{here}{CALLBACK}"
    at = Addresses(f"{here}/inside/who", back, f"{here}/", f"{back}?logout=backchannel")
    secret = register(demonstration, "apache", at)
    nobody = getpwnam("nobody")  # Apache does not answer as root
    loaded = [f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in NEEDED]
    settings = SETTINGS.format(
        root=root,
        port=port,
        provider=demonstration.address,
        name="apache",
        secret=secret,
        callback=CALLBACK,
        phrase=secrets.token_hex(),
        user=getpwuid(os.getuid() or nobody.pw_uid).pw_name,
        group=getgrgid(os.getgid() or nobody.pw_gid).gr_name,
    )
    (root / "apache.conf").write_text("".join(loaded) + settings, encoding="utf-8")
    (root / "pages").mkdir()
    (root / "who.sh").write_text(WHO, encoding="utf-8")
    (root / "who.sh").chmod(0o755)
    order = [program, "-f", str(root / "apache.conf"), "-k"]
    subprocess.run([*order, "start"], check=True)  # it listens when this returns
    yield here
    subprocess.run([*order, "stop"], check=True)


@pytest.fixture(scope="module")
def guarded(demonstration: Demonstration) -> Iterator[str]:
    """Its address; whoever Apache answers as may look into its folder."""
    with TemporaryDirectory(prefix="qiangshi-apache-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        root.chmod(0o755)
        with apache(demonstration, root) as here:
            yield here


def told(page: Page) -> dict[str, str]:
    lines = page.inner_text("body").splitlines()
    return dict(line.partition("=")[::2] for line in lines)


def test_apache_lets_a_teacher_in_and_forgets_her_when_she_signs_out_here(
    door: Door, places: Places, guarded: str
) -> None:
    with door.visitor("li") as li:
        li.page.goto(f"{guarded}/inside/who")
        li.page.get_by_role("button", name="同意并进入").click()
        li.page.wait_for_url(f"{guarded}/inside/who")
        claims = told(li.page)

        assert claims["OIDC_CLAIM_name"] == "李老师"
        assert claims["OIDC_CLAIM_qs_role"] == "teacher"
        assert claims["OIDC_CLAIM_qs_org_name"] == places.school.split(" · ")[-1]

        li.go("/")
        li.page.get_by_role("button", name="退出", exact=True).click()
        li.page.wait_for_url("**/sign-in/")
        li.page.goto(f"{guarded}/inside/who")

        assert "/sign-in/" in li.page.url or "/identity/" in li.page.url
        assert "OIDC_CLAIM" not in li.page.content()
