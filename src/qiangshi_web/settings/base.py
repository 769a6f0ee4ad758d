"""What is the same in every deployment. Reads no environment: the modules above it do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

PACKAGE = Path(__file__).resolve().parents[1]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # the library's page of passkeys loads it
    "django.forms",  # our form renderer reads Django's widget templates through the app loader
    "axes",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "qiangshi_web.kernel",
    "qiangshi_web.jobs",
    "qiangshi_web.contexts.organisations",
    "qiangshi_web.identity",
    "qiangshi_web.desk",
    "qiangshi_web.signon",  # its templates come before the library's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "qiangshi_web.contexts.people",
    "qiangshi_web.casework",
    "qiangshi_web.contexts.ethics",
    "qiangshi_web.contexts.qualification",
    "qiangshi_web.contexts.staffing",
    "qiangshi_web.contexts.training",
    "qiangshi_web.contexts.wellbeing",
    "qiangshi_web.contexts.burden",
    "qiangshi_web.contexts.institutions",
    "qiangshi_web.contexts.places",
    "qiangshi_web.contexts.mobility",
    "qiangshi_web.contexts.evaluation",
    "qiangshi_web.contexts.programmes",
    "qiangshi_web.contexts.pay",
    "qiangshi_web.contexts.pairing",
    "qiangshi_web.contexts.plans",
    "qiangshi_web.analytics",
    "qiangshi_web.exchange",
    "qiangshi_web.quality",
    "qiangshi_web.audit",
    "qiangshi_web.filing",
    "qiangshi_web.finding",
    "qiangshi_web.privacy",
    "qiangshi_web.portal",
    "qiangshi_web.api",
]

MIDDLEWARE = [
    "qiangshi_web.operation.health.Health",  # before whatever could redirect or refuse a probe
    "qiangshi_web.kernel.security.AddressBehindProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qiangshi_web.kernel.logs.RequestLine",
    "qiangshi_web.kernel.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qiangshi_web.kernel.language.ChosenLanguage",
    "qiangshi_web.kernel.security.BoundedBody",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qiangshi_web.signon.middleware.AwayGoesOut",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "qiangshi_web.identity.middleware.ActorOfRequest",
    "qiangshi_web.identity.sight.middleware.SightIsBorrowed",
    "qiangshi_web.desk.middleware.OwnDesk",
    "qiangshi_web.desk.drafts.FormsAreKept",
    "qiangshi_web.signon.middleware.FirstPasswordFirst",
    "qiangshi_web.signon.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qiangshi_web.urls"
WSGI_APPLICATION = "qiangshi_web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "qiangshi_web.kernel.language.in_templates",
                "qiangshi_web.portal.navigation.in_templates",
            ],
            "builtins": [
                "django.templatetags.static",
                "qiangshi_web.kernel.templatetags.words",
                "qiangshi_web.kernel.templatetags.marks",
                "qiangshi_web.kernel.templatetags.tables",
            ],
        },
    },
]
FORM_RENDERER = "qiangshi_web.kernel.forms.FieldTemplates"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "qiangshi_web.identity.hashers.DrawnPhraseHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Five failures for one name from one address lock that pair for a quarter of an hour; twenty from
# whatever addresses lock the name for all from which its owner has not come in of late.
AXES_FAILURE_LIMIT = 5
QIANGSHI_ACCOUNT_FAILURES = 20
QIANGSHI_ADDRESS_KNOWN_DAYS = 180  # after which an address is forgotten, too
AXES_COOLOFF_TIME = 0.25
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # guessing on locks no longer
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "qiangshi_web.signon.locks.counting.FromEverywhereToo"
AXES_LOCKOUT_CALLABLE = "qiangshi_web.identity.pages.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# What several processes must share for a while, such as the codes of people on their way to a
# platform: in the database, which every installation has.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_shared_for_a_while",
    },
    # What each process counts for itself: a write to the database for every request would be dear.
    "of_this_process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Tables of figures that stand, as markup: a hundred of some hundred kilobytes.
    "drawn": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "drawn",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}

# Accounts are known by name; they have no mail address.
ACCOUNT_ADAPTER = "qiangshi_web.signon.adapters.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGOUT_REDIRECT_URL = "sign-in"
# axes counts wrong passwords; this counts wrong codes of a second factor, for each account.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_ADAPTER = "qiangshi_web.signon.adapters.Factors"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "强师"
IDP_OIDC_ADAPTER = "qiangshi_web.signon.adapters.Claims"
IDP_OIDC_JWKS_CACHE_CONTROL = 3600
SIGNON_WAYS: list[dict[str, Any]] = []  # ways in with an account of somewhere else
SIGNON_UPSTREAM_TIMEOUT_SECONDS = 10.0
SIGNON_LOGOUT_TIMEOUT_SECONDS = 3.0
SIGNON_LOGOUT_ATTEMPTS = 20

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

SESSION_COOKIE_AGE = 12 * 3600  # a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qiangshi_web.kernel.pages.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "static/"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# What the application adds; each is set by the module that completes these settings.
QIANGSHI_IS_DEMO = False
QIANGSHI_IDLE_MINUTES = 60  # after which who asked for nothing is signed out; 0: never
QIANGSHI_SECOND_FACTOR = True  # a duty for roles that see what is sensitive, or administer
QIANGSHI_SIGHT_MINUTES = 15  # for how long a sight may be borrowed; 0: never
QIANGSHI_TODAY: date | None = None  # a date to stand still at; None: the calendar
QIANGSHI_KEYS: dict[str, list[dict[str, str]]] = {}  # see kernel/keys.py; none of our own making
QIANGSHI_LOG_DIGEST = "sha256"  # or "sm3"
QIANGSHI_PLANS_IN_FORCE: tuple[str, ...] = ("national-floors",)  # the widest first; norms of cases
QIANGSHI_DOCUMENT_BYTES = 20 * 1024 * 1024  # largest document that is handed in with a case
QIANGSHI_IMPORT_FILE_DAYS = 90  # for which imported files are kept; what they wrote stays
QIANGSHI_LARGEST_BODY = 260 * 1024 * 1024  # of a request: an import's largest file, and its form
QIANGSHI_API_A_MINUTE = 600  # requests of one account to one process
QIANGSHI_PROXIES: tuple[str, ...] = ()  # addresses of those in front that say who asks
QIANGSHI_VIRUS_SCAN = ""  # dotted path of a function: bytes → "clean" or "infected"
QIANGSHI_NOTICE_MAIL = ""  # mail domain of the accounts; empty: notices stay in the application
QIANGSHI_NOTICE_WEBHOOK = ""  # address that notices are posted to as JSON

# To standard error, where the supervisor of the process keeps it; no personal data is logged.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "qiangshi_web.kernel.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Answers of 403 and 404 are ordinary.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # One line a request: the settings of an installation turn it on.
        "qiangshi_web.requests": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
