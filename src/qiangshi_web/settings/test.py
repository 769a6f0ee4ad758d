"""Tests: SQLite in memory, or the server that QIANGSHI_TEST_DATABASE_URL names."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from qiangshi_web.settings import environment
from qiangshi_web.settings.base import *  # noqa: F403 - a settings module completes another

SECRET_KEY = "only-for-tests-" + "x" * 50
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {
    "default": environment.database("QIANGSHI_TEST_DATABASE_URL", default="sqlite:///:memory:")
}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",  # tests sign in often
    "qiangshi_web.identity.hashers.DrawnPhraseHasher",
]

QIANGSHI_KEYS = {
    purpose: [{"id": f"{purpose}-1", "key": digit * 64}]
    for purpose, digit in (("log", "1"), ("field", "2"), ("index", "3"))
}
QIANGSHI_API_A_MINUTE = 100_000  # schemathesis asks faster than anybody
QIANGSHI_IS_DEMO = True
QIANGSHI_SECOND_FACTOR = False  # tests of the duty turn it on
QIANGSHI_PLANS_IN_FORCE = ("national-floors", "jiyuan-2021")
QIANGSHI_TODAY = date(2025, 12, 31)
QIANGSHI_FOLDER = Path(tempfile.gettempdir()) / "qiangshi-test"
QIANGSHI_CHARTS = QIANGSHI_FOLDER / "charts"
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
