"""Reads the typed configuration of an installation from the environment, and lists all its faults at once.

Names begin with `SHOUMI_`, except `DATABASE_URL`.  Nothing else in the project reads the environment.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import unquote, urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shoumi.connectors.databases import Connection
from shoumi.engine.errors import ConfigurationError, Phrase

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class InvalidSettingsError(ConfigurationError):
    """One or more settings cannot be used; `fields["faults"]` names each with what to do."""

    code = "configuration.invalid_settings"
    message = "The configuration has faults: {count}."


class Config(BaseSettings):
    """Everything an installation may set; see `docs/reference/settings.md`, generated from here."""

    model_config = SettingsConfigDict(env_prefix="SHOUMI_", extra="ignore", env_ignore_empty=True)

    data_directory: Path = Field(Path("var"), description="Where keys, files and the ledger's copy live.")
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("DATABASE_URL"),
        description="`postgresql://user@host/name` or `sqlite:///path`; empty: SQLite in the data directory. "
        "Connections to PostgreSQL switch its JIT off by the start-up parameter `options`, which a PgBouncer "
        "in between must be told to ignore.",
    )
    host: str = Field("127.0.0.1", description="Address the console listens on.")
    port: int = Field(8460, ge=1, le=65535, description="Port the console listens on.")
    public_url: str = Field("http://127.0.0.1:8460", description="How browsers reach the console.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs sessions; empty means a key file made in the data directory."
    )
    debug: bool = Field(default=False, description="Show tracebacks; never in life.")
    default_language: Literal["zh-hans", "ja", "en"] = Field(
        "zh-hans", description="Language before sign-in."
    )
    time_zone: str = Field("Asia/Shanghai", description="Zone in which days begin and end.")
    ledger_origin: str = Field("shoumi.example.com/ledger", description="Name of the log in its checkpoints.")
    timestamp_url: str = Field(
        "", description="Outside RFC 3161 authority; empty means the internal one only."
    )
    timestamp_roots: Path | None = Field(
        None, description="PEM file with the root certificates of the outside authority."
    )
    witness_url: str = Field("", description="Outside witness; empty means the one that `shoumi run` starts.")
    esign_service: str = Field(
        "",
        description="Class that talks to an outside signing service, as package.module.Class.",
    )
    smtp_url: str = Field(
        "", description="`smtp://user:password@host:port`; empty keeps mail in the inbox only."
    )
    mail_from: str = Field("shoumi@example.com", description="Sender of e-mail.")
    oidc_name: str = Field("", description="Name of the company's sign-in service, shown on the button.")
    oidc_url: str = Field("", description="Issuer of the OpenID Connect service; empty switches it off.")
    oidc_client_id: str = Field("", description="Client id at the OpenID Connect service.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Client secret there.")
    key_file: Path | None = Field(
        None, description="Key file of stored contents; empty means `keys/content.key` in the data directory."
    )
    key_passphrase: SecretStr = Field(
        SecretStr(""), description="Passphrase of that key file; empty means that its mode alone protects it."
    )
    marking_limit_bytes: int = Field(
        64 * 1024**2, ge=1024, description="Largest file that is marked when it goes out, in bytes."
    )
    marking_seconds: int = Field(
        30, ge=1, le=600, description="How long setting a mark into one file may take, in seconds."
    )
    scan_shares: str = Field(
        "",
        description="Folders that scans may read: `name=/path`, parted by semicolons; no others can be.",
    )
    scan_jobs: int = Field(1, ge=1, le=64, description="Processes that a scan of the console inspects with.")
    table_connections: SecretStr = Field(
        SecretStr(""),
        description="Databases that indexes of tables may be made from: "
        "`name=postgresql://user:password@host/db` or `name=sqlite:////path`, parted by semicolons; "
        "`name@CODE=…` for one legal entity alone.",
    )
    upload_limit_bytes: int = Field(2 * 1024**3, ge=1024, description="Largest file, in bytes.")

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"postgresql", "postgres", "sqlite"}:
            raise ValueError(Phrase("must begin with postgresql:// or sqlite:///"))
        return value

    @field_validator("scan_shares")
    @classmethod
    def _shares_are_folders(cls, value: str) -> str:
        shares_of(value)
        return value

    @field_validator("table_connections")
    @classmethod
    def _connections_are_known(cls, value: SecretStr) -> SecretStr:
        connections_of(value.get_secret_value())
        return value

    @property
    def connections(self) -> dict[str, Connection]:
        """The databases that indexes of tables may be made from, by name."""
        return connections_of(self.table_connections.get_secret_value())

    @property
    def shares(self) -> dict[str, Path]:
        """The folders that scans may read, by name."""
        return shares_of(self.scan_shares)

    @field_validator("timestamp_url", "witness_url", "oidc_url", "public_url")
    @classmethod
    def _address_is_http(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError(Phrase("must begin with https:// or http://"))
        return value.rstrip("/")


def shares_of(value: str) -> dict[str, Path]:
    """Return name → folder from the text of the setting.

    Raises:
        ValueError: a share has no name, no absolute path, or the name of another one.
    """
    found: dict[str, Path] = {}
    for item in filter(None, map(str.strip, value.split(";"))):
        name, _equals, folder = (part.strip() for part in item.partition("="))
        if not name or not folder.startswith("/") or name in found:
            raise ValueError(Phrase("“{item}” is not `name=/path` with a name of its own", item=item))
        found[name] = Path(folder)
    return found


def connections_of(value: str) -> dict[str, Connection]:
    """Return name → connection from the text of the setting.

    Raises:
        ValueError: a connection has no name of its own or no known address, which is not told.
    """
    found: dict[str, Connection] = {}
    for number, item in enumerate(filter(None, map(str.strip, value.split(";"))), start=1):
        head, _equals, url = (part.strip() for part in item.partition("="))
        name, _at, entity = (part.strip() for part in head.partition("@"))
        if not name or name in found or urlsplit(url).scheme not in {"postgresql", "postgres", "sqlite"}:
            form = Phrase(
                "connection {number} is not `name=postgresql://…` or `name=sqlite:///…`, named once",
                number=number,
            )
            raise ValueError(form)
        found[name] = Connection(name, url, entity)
    return found


@cache
def load_config() -> Config:
    """Return the configuration of this process, read once.

    Raises:
        InvalidSettingsError: lists every fault with the variable's name.
    """
    try:
        return Config()
    except ValidationError as error:
        faults = tuple(_fault(each) for each in error.errors(include_url=False))
    invalid = InvalidSettingsError(count=len(faults), faults=faults)
    for fault in faults:
        invalid.add_note(fault)  # for processes that are not our command, such as a web server of your own
    raise invalid


def _fault(details: ErrorDetails) -> Phrase:
    """Return what is wrong with one setting; its value, which may be a secret, is not told."""
    name = str(details["loc"][0]).upper()
    variable = name if name == "DATABASE_URL" else f"SHOUMI_{name}"
    context = details.get("ctx", {})
    match details["type"]:
        case "value_error":
            text = context["error"].args[0]
        case "int_parsing" | "int_type":
            text = Phrase("must be a whole number")
        case "greater_than_equal":
            text = Phrase("must be at least {least}", least=context["ge"])
        case "less_than_equal":
            text = Phrase("must be at most {most}", most=context["le"])
        case "bool_parsing" | "bool_type":
            text = Phrase("must be true or false")
        case "literal_error":
            known = Config.model_fields[name.lower()].annotation
            text = Phrase("must be one of {known}", known=", ".join(get_args(known)))
        case _:
            text = details["msg"]
    return Phrase("{variable}: {fault}", variable=variable, fault=text)


def database_settings(config: Config) -> dict[str, object]:
    """Return Django's `DATABASES["default"]` for `config`."""
    parts = urlsplit(config.database_url)
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "options": "-c jit=off"
            },  # compiling a query for a page takes longer than answering it
        }
    path = parts.path.removeprefix("/") if parts.path else ""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path or str(config.data_directory / "shoumi.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # deferred transactions end in "database is locked"
            "timeout": 60,  # a long import holds the one writer's place for a while
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"
            ),
        },
    }


def oidc_apps(config: Config) -> list[dict[str, object]]:
    """Return the company's sign-in service in the form of allauth's settings; none if not configured."""
    if not config.oidc_url:
        return []
    return [
        {
            "provider_id": "company",
            "name": config.oidc_name or urlsplit(config.oidc_url).hostname,
            "client_id": config.oidc_client_id,
            "secret": config.oidc_client_secret.get_secret_value(),
            "settings": {"server_url": config.oidc_url},
        }
    ]


def oidc_origins(config: Config) -> list[str]:
    """Return the origin of the company's sign-in service, for the content security policy."""
    parts = urlsplit(config.oidc_url)
    return [f"{parts.scheme}://{parts.netloc}"] if config.oidc_url else []
