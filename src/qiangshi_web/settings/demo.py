"""The demonstration on one's own machine: everything lies in one folder, made by `qiangshi demo`.

QIANGSHI_HOME            folder that holds it; `var/` of the checkout, else of where one stands
QIANGSHI_DEMO_FOLDER     the demo inside it (the builder points this at a half-made one)
QIANGSHI_ALLOWED_HOSTS   host names besides this machine's, separated by commas
"""

from __future__ import annotations

import secrets
from pathlib import Path

from qiangshi_web.settings import environment
from qiangshi_web.settings.base import *  # noqa: F403 - a settings module completes another


def _secret_key(file: Path) -> str:
    """Made once and kept, so that a restart does not sign everybody out."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    return file.read_text(encoding="utf-8")


QIANGSHI_HOME = environment.folder("QIANGSHI_HOME", Path.cwd() / "var")
QIANGSHI_FOLDER = environment.folder("QIANGSHI_DEMO_FOLDER", QIANGSHI_HOME / "demo")
QIANGSHI_IS_DEMO = True
QIANGSHI_SECOND_FACTOR = False  # a stranger is to look at it within a minute; `doctor` says so
QIANGSHI_PLANS_IN_FORCE = ("national-floors", "jiyuan-2021")

SECRET_KEY = _secret_key(QIANGSHI_HOME / "secret_key")
QIANGSHI_KEYS = environment.keys_made_once(QIANGSHI_HOME / "keys.json")
DEBUG = False
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *environment.words("QIANGSHI_ALLOWED_HOSTS"),
]
DATABASES = {"default": environment.sqlite(QIANGSHI_FOLDER / "db.sqlite3")}
STATIC_ROOT = QIANGSHI_FOLDER / "static"
QIANGSHI_CHARTS = QIANGSHI_FOLDER / "charts"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # plain http on one's own machine
