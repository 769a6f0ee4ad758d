"""A bureau's own installation. Every variable without a default must be set.

QIANGSHI_SECRET_KEY(_FILE)   50 characters or more
QIANGSHI_KEYS_FILE           the keys of the log and of encrypted fields: `qiangshi keys new`
QIANGSHI_LOG_DIGEST          sha256 or sm3
QIANGSHI_DATABASE_URL        postgresql://… (or sqlite:///… for one school or a small county)
QIANGSHI_ALLOWED_HOSTS       host names, separated by commas
QIANGSHI_FOLDER              where charts and collected static files lie
QIANGSHI_SIGN_IN_WAYS        file (JSON) with ways in through other platforms, if any
QIANGSHI_PLANS               plans in force here, the widest first, separated by commas
QIANGSHI_VIRUS_SCAN, QIANGSHI_NOTICE_MAIL, QIANGSHI_NOTICE_WEBHOOK   as in settings/base.py
QIANGSHI_LOG_REQUESTS        true: a line for every request
QIANGSHI_PROXIES             addresses of the proxies in front, separated by commas: only they are
                             believed when they say who asks (X-Forwarded-For)
QIANGSHI_IDLE_MINUTES        minutes after which who asked for nothing is signed out; 60 unless
                             told, 0: never
QIANGSHI_SIGHT_MINUTES       minutes for which a system administrator may look with another's
                             sight; 15 unless told, 0: never
QIANGSHI_IMPORT_FILE_DAYS    days for which imported files are kept, 90 unless told
QIANGSHI_SECOND_FACTOR       true unless told: who sees what is sensitive, or administers, sets up a
                             one-time code or a passkey before anything else opens
QIANGSHI_HTTPS               true unless a proxy in front ends TLS and says so itself
"""

from __future__ import annotations

from pathlib import Path

from qiangshi_web.settings import environment
from qiangshi_web.settings.base import *  # noqa: F403 - a settings module completes another
from qiangshi_web.settings.base import LOGGING

environment.required(["QIANGSHI_DATABASE_URL", "QIANGSHI_ALLOWED_HOSTS", "QIANGSHI_KEYS_FILE"])

SECRET_KEY = environment.secret("QIANGSHI_SECRET_KEY")
QIANGSHI_KEYS = environment.keys("QIANGSHI_KEYS_FILE")
QIANGSHI_LOG_DIGEST = environment.one_of("QIANGSHI_LOG_DIGEST", ["sha256", "sm3"])
DEBUG = False
ALLOWED_HOSTS = environment.words("QIANGSHI_ALLOWED_HOSTS")
DATABASES = {"default": environment.database("QIANGSHI_DATABASE_URL", default="")}

QIANGSHI_FOLDER = environment.folder("QIANGSHI_FOLDER", Path.cwd() / "var")
STATIC_ROOT = QIANGSHI_FOLDER / "static"
QIANGSHI_CHARTS = QIANGSHI_FOLDER / "charts"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

QIANGSHI_IDLE_MINUTES = environment.integer("QIANGSHI_IDLE_MINUTES", 60)
QIANGSHI_IMPORT_FILE_DAYS = environment.integer("QIANGSHI_IMPORT_FILE_DAYS", 90)
QIANGSHI_SECOND_FACTOR = environment.truth("QIANGSHI_SECOND_FACTOR", "true")
QIANGSHI_SIGHT_MINUTES = environment.integer("QIANGSHI_SIGHT_MINUTES", 15)
QIANGSHI_PLANS_IN_FORCE = tuple(environment.words("QIANGSHI_PLANS")) or ("national-floors",)
QIANGSHI_PROXIES = tuple(environment.words("QIANGSHI_PROXIES"))
QIANGSHI_VIRUS_SCAN = ",".join(environment.words("QIANGSHI_VIRUS_SCAN"))
QIANGSHI_NOTICE_MAIL = ",".join(environment.words("QIANGSHI_NOTICE_MAIL"))
QIANGSHI_NOTICE_WEBHOOK = ",".join(environment.words("QIANGSHI_NOTICE_WEBHOOK"))

if environment.truth("QIANGSHI_LOG_REQUESTS", "true"):
    LOGGING["loggers"]["qiangshi_web.requests"]["level"] = "INFO"

_https = environment.truth("QIANGSHI_HTTPS", "true")
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# W005, W021: whether a bureau's other hosts speak TLS is not ours to promise to browsers.
# W008: without QIANGSHI_HTTPS the proxy in front redirects.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
