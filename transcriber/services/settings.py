"""Settings of the service: read once, at the edge, and refused with a sentence when they are wrong.

`configs/default.yaml` holds every setting with its default; another file, shipped or one's own,
says only what differs. docs/configuration.md goes through them one by one.
"""

import os
import re
from collections.abc import Mapping
from importlib.resources import files
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from transcriber.domain.errors import UsageError
from transcriber.services.settings_file import parse_mapping, read_text, require_known

CONFIG_VARIABLE = "TRANSCRIBER_CONFIG"
"""Names a shipped file, such as `gpu`, or the path of one's own; several, with commas between them,
are read one after the other."""

VARIABLES = {
    "data_folder": "TRANSCRIBER_HOME",
    "database_url": "TRANSCRIBER_DATABASE_URL",
    "broker_url": "TRANSCRIBER_BROKER_URL",
    "blob_url": "TRANSCRIBER_BLOB_URL",
}
"""Settings that the environment may give; it wins over the file."""

QUEUES = ("gpu", "cpu", "interactive")
_DEFAULT = "default"
GIB = 1 << 30
_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Lease(_Section):
    """How long a worker may be silent, and how often a step is tried."""

    seconds: float = Field(gt=0)
    attempts: int = Field(ge=1, le=10)

    @property
    def ms(self) -> int:
        """The lease in milliseconds."""
        return round(self.seconds * 1000)


class Workers(_Section):
    """The processes that do the work."""

    children: int | None = Field(ge=1)
    threads: int | None = Field(ge=1)
    steps_a_child: int = Field(ge=1)
    memory_mib: int = Field(ge=256)
    stop_wait_s: float = Field(ge=0)
    longest_step_s: int = Field(ge=60)
    redelivery_s: int = Field(ge=60)

    def sized(self, cores: int) -> tuple[int, int]:
        """Return how many children each heavy queue has on this machine, and the threads of each.

        Two at least, so that words and voices of one recording are told side by side; more only
        where each still has four cores, because each loads models of its own.
        """
        children = self.children or max(2, cores // 4)
        return children, self.threads or max(1, cores // children)


class Sessions(_Section):
    """How long a browser stays signed in."""

    idle_hours: float = Field(gt=0)
    longest_days: float = Field(gt=0)


class SingleSignOn(_Section):
    """An identity provider that speaks OpenID Connect. Off where no issuer is named."""

    issuer: str | None
    client_id: str | None
    client_secret_file: Path | None = Field(strict=False)
    only: bool

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.issuer and not self.client_id:
            raise ValueError("give client_id beside issuer")
        if self.only and not self.issuer:
            raise ValueError("only needs an issuer")
        return self

    @property
    def client_secret(self) -> str | None:
        """What we prove ourselves with. Raises UsageError when its file cannot be read."""
        return _secret(self.client_secret_file)


class UploadLimits(_Section):
    """What may be uploaded, and for how long what was begun is kept."""

    largest_gib: float = Field(gt=0)
    study_gib: float | None = Field(gt=0)
    spare_gib: float = Field(ge=0)
    keep_hours: float = Field(gt=0)

    @property
    def largest_bytes(self) -> int:
        """The longest file that is taken."""
        return round(self.largest_gib * GIB)

    @property
    def study_bytes(self) -> int | None:
        """How much a study may upload in all, None without a limit."""
        return None if self.study_gib is None else round(self.study_gib * GIB)

    @property
    def spare_bytes(self) -> int:
        """What stays free on the disk."""
        return round(self.spare_gib * GIB)

    @property
    def keep_ms(self) -> int:
        """How long an upload waits for somebody to go on with it."""
        return round(self.keep_hours * 3_600_000)


class WebhookSettings(_Section):
    """Where messages to other programs may go, besides public addresses over https."""

    allow: tuple[str, ...] = Field(strict=False)
    loopback: bool

    @model_validator(mode="after")
    def _networks_are_such(self) -> Self:
        try:
            _ = self.networks
        except ValueError:
            raise ValueError("allow is a list of networks such as 10.20.0.0/16") from None
        return self

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The private networks that messages may go to."""
        return tuple(ip_network(each) for each in self.allow)


class HandOffSettings(_Section):
    """Where releases may be brought by themselves: nowhere, unless a setting names it."""

    folders: tuple[Annotated[Path, Field(strict=False)], ...] = Field(strict=False)
    buckets: tuple[str, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not all(folder.is_absolute() for folder in self.folders):
            raise ValueError("folders are whole paths, beginning with /")
        if not all(bucket.startswith("s3://") for bucket in self.buckets):
            raise ValueError("buckets are such as s3://bucket/prefix?endpoint=https://host")
        return self


class MailSettings(_Section):
    """The server that carries mail to people of a study; none without `server`."""

    server: str | None
    port: int = Field(ge=1, le=65535)
    encryption: Literal["starttls", "tls", "none"]
    sender: str | None
    user_name: str | None
    password_file: Path | None = Field(strict=False)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.server and not self.sender:
            raise ValueError("a mail server needs a sender, such as transcriber@example.org")
        if self.sender and not _ADDRESS.fullmatch(self.sender):
            raise ValueError("sender is one mail address, such as transcriber@example.org")
        if bool(self.user_name) is not bool(self.password_file):
            raise ValueError("user_name and password_file go together")
        if self.server and self.encryption == "none" and self.server not in _THIS_MACHINE:
            raise ValueError("without encryption the mail server has to be on this machine")
        return self

    @property
    def password(self) -> str | None:
        """What we sign in with. Raises UsageError when its file cannot be read."""
        return _secret(self.password_file)


class AuditSettings(_Section):
    """Where the end of the audit is noted, so that an older copy of the database shows."""

    anchor_file: Path | None = Field(strict=False)


class Settings(_Section):
    """All settings. URLs that are None mean what is started under the data folder."""

    data_folder: Path = Field(strict=False)
    database_url: str | None
    database_url_file: Path | None = Field(strict=False)
    broker_url: str | None
    broker_url_file: Path | None = Field(strict=False)
    blob_url: str | None
    master_key_file: Path | None = Field(strict=False)
    master_key_command: str | None
    erased_list_file: Path | None = Field(strict=False)
    scratch: Path | None = Field(strict=False)
    lease: Lease
    queues: dict[str, str]
    workers: Workers
    webhooks: WebhookSettings
    hand_off: HandOffSettings
    public_url: str | None
    sessions: Sessions
    oidc: SingleSignOn
    uploads: UploadLimits
    audit: AuditSettings
    mail: MailSettings

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.master_key_file and self.master_key_command:
            raise ValueError("give master_key_file or master_key_command, not both")
        for name in ("database_url", "broker_url"):
            if getattr(self, name) and getattr(self, f"{name}_file"):
                raise ValueError(f"give {name} or {name}_file, not both")
        if not set(self.queues.values()) <= set(QUEUES):
            raise ValueError(f"the queues are {', '.join(QUEUES)}")
        return self

    @property
    def sqlite_file(self) -> Path:
        """Where the database lies when no URL is given."""
        return self.data_folder / "transcriber.sqlite"

    @property
    def has_own_database(self) -> bool:
        """Whether the database is a file of ours."""
        return self.database_url is None and self.database_url_file is None

    @property
    def blobs(self) -> str:
        """The URL of the encrypted files."""
        return self.blob_url or (self.data_folder / "blobs").as_uri()

    @property
    def anchor_file(self) -> Path:
        """The file to which the end of the audit is added."""
        return self.audit.anchor_file or self.data_folder / "audit-anchors.txt"

    @property
    def key_file(self) -> Path:
        """The master key's file, where it is not a command that gives the key."""
        return self.master_key_file or self.data_folder / "keys" / "master.key"

    @property
    def erased_list(self) -> Path:
        """Where it is written down what was erased, outside the database and its backups."""
        return self.erased_list_file or self.data_folder / "keys" / "erased.list"

    @property
    def socket(self) -> Path:
        """Where the broker listens that is started when no URL is given."""
        return self.data_folder / "redis" / "redis.sock"

    @property
    def database(self) -> str:
        """The database's URL. Raises UsageError when its file cannot be read."""
        given = self.database_url or _secret(self.database_url_file)
        return given or f"sqlite:///{self.sqlite_file}"

    @property
    def broker(self) -> str:
        """The broker's URL. Raises UsageError when its file cannot be read."""
        return self.broker_url or _secret(self.broker_url_file) or f"redis+socket://{self.socket}"

    @property
    def has_own_broker(self) -> bool:
        """Whether the broker is started by us."""
        return self.broker_url is None and self.broker_url_file is None

    def queue_of(self, stage: str, *, interactive: bool) -> str:
        """Return the queue of a stage; somebody who waits at a screen has one of their own."""
        return "interactive" if interactive else self.queues.get(stage, "cpu")


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the default settings, the file that the environment names, and the environment.

    Raises UsageError with one sentence for a file that is not there, a setting that is not known,
    or a value that it cannot have; never with the value.
    """
    environment = os.environ if environment is None else environment
    given = _shipped(_DEFAULT)
    for chosen in environment.get(CONFIG_VARIABLE, "").split(","):
        if chosen.strip():
            given = _merged(given, _read(chosen.strip()), "the configuration")
    given.update(
        {name: environment[key] for name, key in VARIABLES.items() if environment.get(key)}
    )
    for name in ("database_url", "broker_url"):
        if environment.get(VARIABLES[name]):
            given[f"{name}_file"] = None
    if given["data_folder"] is None:
        given["data_folder"] = platformdirs.user_data_dir("transcriber", appauthor=False)
    given["data_folder"] = str(Path(given["data_folder"]).expanduser().absolute())
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise _refused(error) from None


def _read(chosen: str) -> dict[str, Any]:
    if (files("configs") / f"{chosen}.yaml").is_file():
        return _shipped(chosen)
    path = Path(chosen)
    text = read_text(path, "configuration", UsageError)
    return parse_mapping(text, "configuration", UsageError, as_json=False)


def _shipped(name: str) -> dict[str, Any]:
    text = (files("configs") / f"{name}.yaml").read_text(encoding="utf-8")
    return parse_mapping(text, "configuration", UsageError, as_json=False)


def _merged(default: dict[str, Any], changed: dict[str, Any], where: str) -> dict[str, Any]:
    require_known(changed, default, where, UsageError)
    merged = dict(default)
    for name, value in changed.items():
        if isinstance(default[name], dict) and isinstance(value, dict):
            merged[name] = _merged(default[name], value, f"'{name}' of the configuration")
        else:
            merged[name] = value
    return merged


def _secret(path: Path | None) -> str | None:
    if path is None:
        return None
    return read_text(path, "secret", UsageError).strip()


def _refused(error: ValidationError) -> UsageError:
    first = error.errors()[0]
    place = ".".join(str(name) for name in first["loc"]) or "the configuration"
    # Pydantic's own message tells what is allowed; the value, which may be a password, it leaves.
    reason = first["msg"].removeprefix("Value error, ")
    return UsageError(
        "bad_setting",
        f"The setting {place} is not valid: {reason}. docs/configuration.md says how.",
    )
