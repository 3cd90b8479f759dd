"""All settings, read from the environment. A clone runs with none set; README.md has the table.

PORTAL_ENV is one of development (the default of manage.py), demo and production (the default of wsgi.py).
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """A setting from the environment; without a default it must be there, and the error names it."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        raise ImproperlyConfigured(f"Set the environment variable {name}: it has no default in production.")
    return value


def env_list(name: str, default: str | None = None) -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


ENVIRONMENT = env("PORTAL_ENV", "development")
if ENVIRONMENT not in {"development", "demo", "production"}:
    raise ImproperlyConfigured(f"PORTAL_ENV is {ENVIRONMENT!r}; it must be development, demo or production.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = ENVIRONMENT == "development"

VAR_DIR = Path(env("PORTAL_VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = env("PORTAL_SECRET_KEY", None if PRODUCTION else "not-a-secret-" * 5)
ALLOWED_HOSTS = env_list("PORTAL_ALLOWED_HOSTS", None if PRODUCTION else "localhost,127.0.0.1,[::1]")
# Canonical addresses are built from this, never from the Host header.
SITE_URL = env("PORTAL_SITE_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("PORTAL_SITE_URL must start with https:// (or http:// on one machine).")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Whose portal it is. Data, not code: another organisation changes these.
ORGANISATION = {
    "name": env("PORTAL_ORGANISATION_NAME", "International Centre for Migration Policy Development"),
    "short": env("PORTAL_ORGANISATION_SHORT", "ICMPD"),
    "slug": env("PORTAL_ORGANISATION_SLUG", "icmpd"),
}

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it extends
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_prose_editor",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "portal",
    # The kinds of content, earlier ones first: a link belongs to the app that came later.
    "dialogues",
    "projects",
    "publications",
]

MIDDLEWARE = [
    "portal.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.refuse_malformed",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.put_due_in_place",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.for_caches",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.own_time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.follow_redirects",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "portal.templatetags.portal"],  # the later one wins
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    },
]

# SQLite in one file by default; postgres://user:password@host/name for more than one machine.
DATABASES = {"default": dj_database_url.parse(env("PORTAL_DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"))}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # Who writes waits for who writes, and SQLite keeps no queue: with eleven people at once 20 seconds ran out.
        "timeout": 60,
        # FULL: an acknowledged save survives a power cut, at the price of slower commits.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية"), ("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = ["portal.conventions"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "fr", "ar", "ru")
USE_I18N = USE_TZ = True
TIME_ZONE = env("PORTAL_TIME_ZONE", "Europe/Vienna")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
FILES_DIR = VAR_DIR / "files"
PICTURES_DIR = VAR_DIR / "pictures"  # of pages; drawn again where they are missing
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Private: files leave only through a view that asks who may read them. There is no MEDIA_URL.
        "OPTIONS": {"location": FILES_DIR, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
UPLOAD_LIMIT_MB = int(env("PORTAL_UPLOAD_LIMIT_MB", "100"))

# Work in the background: rows in the database, done by `manage.py db_worker`. In the demo it is done at once.
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if PRODUCTION
        else "django_tasks.backends.immediate.ImmediateBackend",
    }
}

# The search index follows the database: kept up by `manage.py worker`, or after each save where no worker runs.
INDEX_DIR = VAR_DIR / "index"
INDEX_AT_ONCE = not PRODUCTION

# Letters, to people concerned and about saved searches: smtp://user:password@host:port, smtp+tls:// (STARTTLS) or
# smtps:// (TLS from the first byte). Without it they are printed; in production none can be sent.
email_url = urlsplit(env("PORTAL_EMAIL_URL", "" if PRODUCTION else "console:"))
if email_url.geturl() and email_url.scheme not in {"console", "smtp", "smtp+tls", "smtps"}:
    raise ImproperlyConfigured("PORTAL_EMAIL_URL must start with smtp://, smtp+tls://, smtps:// or console:")
EMAIL_BACKEND = {"": "", "console": "django.core.mail.backends.console.EmailBackend"}.get(
    email_url.scheme, "django.core.mail.backends.smtp.EmailBackend"
)
try:
    EMAIL_PORT = email_url.port or {"smtp+tls": 587, "smtps": 465}.get(email_url.scheme, 25)
except ValueError as error:
    raise ImproperlyConfigured("PORTAL_EMAIL_URL names a port that is none.") from error
EMAIL_HOST = email_url.hostname or "localhost"
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(email_url.username or ""), unquote(email_url.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = email_url.scheme == "smtp+tls", email_url.scheme == "smtps"
EMAIL_TIMEOUT = 20
LETTERS_AT_ONCE = not PRODUCTION  # sent by `manage.py worker`, or after each act where no worker runs
DEFAULT_FROM_EMAIL = env("PORTAL_EMAIL_FROM", f"portal@{urlsplit(SITE_URL).hostname}")

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# These bind other sites under the same domain too, so they are the operator's choice.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env("PORTAL_HSTS_SUBDOMAINS", "no") == "yes"
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env("PORTAL_BEHIND_PROXY", "no") == "yes":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# No inline script or style anywhere on public pages. The nonce is used by one import map in the admin's forms.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "portal.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "portal.logs.JSONFormatter"},
        "plain": {"format": "{levelname} {name} [{request_id}] {message}", "style": "{"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "json" if PRODUCTION else "plain",
        },
    },
    "root": {"handlers": ["console"], "level": env("PORTAL_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
    "loggers": {"django": {"handlers": ["console"], "propagate": False}},
}
