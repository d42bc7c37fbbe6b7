"""Django's settings, all derived from `config`; nothing is decided by reading the environment here."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from shoumi.server.project.config import database_settings, load_config, oidc_apps, oidc_origins
from shoumi.server.project.mail import mail_settings

CONFIG = load_config()
SERVER = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    """Return the configured key, or the one in the data directory, made on first use with mode 0600."""
    if CONFIG.secret_key.get_secret_value():
        return CONFIG.secret_key.get_secret_value()
    path = CONFIG.data_directory / "keys" / "session.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = CONFIG.debug
ALLOWED_HOSTS = [urlsplit(CONFIG.public_url).hostname or "127.0.0.1", "127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
ROOT_URLCONF = "shoumi.server.project.urls"
WSGI_APPLICATION = "shoumi.server.project.wsgi.application"
DATABASES = {"default": database_settings(CONFIG)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "shoumi.server.ledger",
    "shoumi.server.accounts",
    "shoumi.server.files",
    "shoumi.server.notifications",
    "shoumi.server.approvals",
    "shoumi.server.people",
    "shoumi.server.agreements",
    "shoumi.server.training",
    "shoumi.server.privacy",
    "shoumi.server.concerns",
    "shoumi.server.places",
    "shoumi.server.register",
    "shoumi.server.lifecycle",
    "shoumi.server.partners",
    "shoumi.server.provisioning",
    "shoumi.server.documents",
    "shoumi.server.assurance",
    "shoumi.server.console",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shoumi.server.console.middleware.TypedFormMiddleware",
    "shoumi.server.console.middleware.ErrorPageMiddleware",  # before those that record refusals: answers last
    "shoumi.server.accounts.middleware.PreferencesMiddleware",
    "shoumi.server.accounts.middleware.RefusalMiddleware",
    "shoumi.server.accounts.middleware.NamingMiddleware",
    "shoumi.server.accounts.middleware.ReminderMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "shoumi.server.accounts.templating.Pages",
        "DIRS": [SERVER / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shoumi.server.accounts.context_processors.reminder",
                "shoumi.server.console.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "shoumi.server.accounts.validators.VarietyValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "shoumi.server.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "shoumi.server.accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]  # nobody signs up; see the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"  # the company vouches for the addresses
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds for which a confirmation holds
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/m/ip,20/5m/key"
}  # axes locks before; this holds for second factors
MFA_ADAPTER = "shoumi.server.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "shoumi.server.accounts.forms.PasskeyForm",
    "authenticate": "shoumi.server.accounts.forms.SecondFactorForm",
    "reauthenticate": "shoumi.server.accounts.forms.ConfirmationForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s before and after: phones drift
SOCIALACCOUNT_ADAPTER = "shoumi.server.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the company's own service vouches for its addresses
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc_apps(CONFIG), "OAUTH_PKCE_ENABLED": True}}
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # a limit per network address is `login_failed` above
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]  # an office may share one address; a passkey still gets in
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the ledger has them
AXES_USERNAME_CALLABLE = "shoumi.server.accounts.adapters.lockout_name"
AXES_LOCKOUT_CALLABLE = "shoumi.server.accounts.adapters.lockout_page"
AXES_SENSITIVE_PARAMETERS = ["login", "password"]
SESSION_COOKIE_AGE = 12 * 3600  # seconds
SHOUMI_SUBJECT_LOADER = "shoumi.server.people.queries.subject_of"
SHOUMI_ESIGN_SERVICE = CONFIG.esign_service
SHOUMI_PLACES_LOADER = "shoumi.server.people.queries.places_of_scope"
SHOUMI_SCOPES_LOADER = "shoumi.server.people.queries.scope_choices"
SHOUMI_PACK_LOADER = "shoumi.server.people.queries.pack_of_user"

LANGUAGE_CODE = CONFIG.default_language
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [SERVER / "locale"]
TIME_ZONE = CONFIG.time_zone
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [SERVER / "static"]
STATIC_ROOT = CONFIG.data_directory / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shoumi.server.project.static_files.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024**2
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024**2
FILE_UPLOAD_HANDLERS = [  # Django's default would leave readable files in /tmp
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "shoumi.server.files.handlers.EncryptedUploadHandler",
]
SHOUMI_FILES_DIRECTORY = CONFIG.data_directory / "files"
SHOUMI_INDEXES_DIRECTORY = CONFIG.data_directory / "indexes"
SHOUMI_SCAN_SHARES = CONFIG.shares
SHOUMI_TABLE_CONNECTIONS = CONFIG.connections

CACHES = {  # shared by all processes: limits on guessing and codes that were used must hold for each of them
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},  # the default of 300 would let a flood push limits out
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {  # Django's own shows faults only while debugging; the 500 page says that they are in the log
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # refusals and missing pages are no faults
}

DEFAULT_FROM_EMAIL = CONFIG.mail_from
globals().update(mail_settings(CONFIG.smtp_url))
SHOUMI_PUBLIC_URL = CONFIG.public_url
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.public_url.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_FAILURE_VIEW = "shoumi.server.console.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *oidc_origins(CONFIG)],  # browsers hold redirects after a form to it
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
