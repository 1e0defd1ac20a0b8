"""Every setting: its name, its meaning, its default. One wrong setting stops the start with one line."""

import ipaddress
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import InvalidSetting

PREFIX = "LATCHKEY_"
FILE_SUFFIX = "_FILE"
_ANY_VALUES: dict[str, Any] = {"telegram_token": "none", "cloudflare_token": "none", "zone": "none.invalid"}


class Settings(BaseSettings):
    """The settings, read from ``LATCHKEY_…`` variables, ``LATCHKEY_…_FILE`` files and ``.env``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", hide_input_in_errors=True, frozen=True)

    telegram_token: SecretStr = Field(description="The bot's token from BotFather.")
    cloudflare_token: SecretStr = Field(description="A Cloudflare API token for the zone.")
    zone: str = Field(description="The zone's name, such as example.com.")
    admins: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(), description="Telegram ids of permanent admins, by comma or space; empty: nobody."
    )
    database: Path = Field(default=Path("data/latchkey.sqlite3"), description="The database file.")
    key_type: Literal["p256", "rsa2048"] = Field(default="p256", description="The kind of key to make.")
    validity_days: int = Field(default=730, ge=1, le=3650, description="Days a certificate is asked for.")
    device_limit: int = Field(default=5, ge=1, le=100, description="Devices one person may have.")
    p12: Literal["compat", "modern"] = Field(default="compat", description="The flavour of the .p12 file.")
    cleanup_minutes: int = Field(
        default=60, ge=5, le=1440, description="Minutes the file stays after its password was first shown."
    )
    request_hours: int = Field(default=72, ge=1, le=720, description="Hours a request waits for an admin.")
    max_open_hours: int = Field(default=720, ge=1, le=720, description="Longest time a path may be open.")
    strangers: Literal["ask", "ignore"] = Field(default="ask", description="What strangers may do.")
    trusted_report: bool = Field(default=True, description="Whether trusted people may report others' phones lost.")
    digest: Literal["weekly", "off"] = Field(default="weekly", description="Whether admins get a digest.")
    timezone: str = Field(default="UTC", description="The household's time zone, such as Europe/Madrid.")
    log_format: Literal["console", "json"] = Field(default="console", description="How log lines look.")
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="A port of this machine for /healthz and /metrics; 0: none."
    )
    metrics_host: IPv4Address | IPv6Address = Field(
        default=IPv4Address("127.0.0.1"), description="The address on which that port is: whoever reaches it may read."
    )
    telegram_api: str = Field(default="https://api.telegram.org", description="The Bot API's address.")
    cloudflare_api: str = Field(
        default="https://api.cloudflare.com/client/v4", description="Cloudflare's API's address."
    )

    @field_validator("admins", mode="before")
    @classmethod
    def _read_admins(cls, value: object) -> object:
        return frozenset(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("zone")
    @classmethod
    def _read_zone(cls, value: str) -> str:
        name = value.strip().rstrip(".").lower()
        if "." not in name or "/" in name or " " in name:
            raise ValueError("is a domain name, such as example.com")
        return name

    @field_validator("timezone")
    @classmethod
    def _read_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is a time zone's name, such as Europe/Madrid") from error
        return value

    @field_validator("telegram_token", "cloudflare_token")
    @classmethod
    def _not_empty(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip():
            raise ValueError("is empty")
        return SecretStr(value.get_secret_value().strip())

    @field_validator("telegram_api", "cloudflare_api")
    @classmethod
    def _secure(cls, value: str) -> str:
        if _is_secure(value):
            return value.rstrip("/")
        raise ValueError("is an https:// address (plain http only to this machine)")

    @property
    def directory(self) -> Path:
        """The folder of the database and of the files that belong to it."""
        return self.database.parent

    @classmethod
    def settings_customise_sources(  # noqa: D102 -- the library's hook
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def load(environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")) -> Settings:
    """Read the settings; what the environment says goes before what ``env_file`` says.

    Raises:
        SettingWrong: with one line that names the setting, never its value.
    """
    given = _merged(_read_env_file(env_file), os.environ if environment is None else environment)
    try:
        return Settings(**_values(given))
    except ValidationError as error:
        raise InvalidSetting(_one_line(error)) from None


@dataclass(frozen=True)
class Unfinished:
    """What there is while the first settings are still being asked for. ``repr`` does not show ``given``.

    ``given`` are the present values, by field, of those that are asked for.
    """

    telegram_api: str
    cloudflare_api: str
    given: Mapping[str, str] = dataclass_field(repr=False)


def load_unfinished(
    asked: Collection[str], environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")
) -> Unfinished:
    """Read the settings as ``load`` does, although those of ``asked`` may be missing or wrong.

    Raises:
        SettingWrong: with one line that names another setting, which is wrong.
    """
    values = _values(_merged(_read_env_file(env_file), os.environ if environment is None else environment))
    given = {name: str(values.pop(name)).strip() for name in asked if name in values}
    try:
        others = Settings(**values, **_ANY_VALUES)
    except ValidationError as error:
        raise InvalidSetting(_one_line(error)) from None
    return Unfinished(others.telegram_api, others.cloudflare_api, given)


def _read_env_file(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        return {name: value for name, value in dotenv_values(file).items() if value is not None}
    except (OSError, UnicodeDecodeError):
        raise InvalidSetting(f"{file} cannot be read: it must be a text file in UTF-8.") from None


def _merged(lower: Mapping[str, str], upper: Mapping[str, str]) -> dict[str, str]:
    """``upper`` over ``lower``; a variable set above also replaces its ``…_FILE`` twin below."""
    merged = {name: value for name, value in lower.items() if name.startswith(PREFIX)}
    for name, value in upper.items():
        if name.startswith(PREFIX):
            twin = name.removesuffix(FILE_SUFFIX) if name.endswith(FILE_SUFFIX) else name + FILE_SUFFIX
            if twin not in upper:
                merged.pop(twin, None)
            merged[name] = value
    return merged


def _values(given: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in given.items():
        from_file = name.endswith(FILE_SUFFIX)
        field = name.removeprefix(PREFIX).removesuffix(FILE_SUFFIX).lower()
        if field not in Settings.model_fields:
            raise InvalidSetting(f"{name} is no setting of Latchkey: see .env.example for those there are.")
        if from_file and name.removesuffix(FILE_SUFFIX) in given:
            raise InvalidSetting(f"{name.removesuffix(FILE_SUFFIX)} and {name} are both set: keep one of them.")
        values[field] = _content(name, Path(text)) if from_file else text
    return {field: value for field, value in values.items() if value != ""} | _empty_admins(values)


def _empty_admins(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"admins": frozenset()} if values.get("admins") == "" else {}


def _content(name: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise InvalidSetting(f"{name} names a file that cannot be read.") from None


def _is_secure(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return host is not None and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    name = PREFIX + str(first["loc"][0]).upper()
    if first["type"] == "missing":
        return f"{name} is missing: set it, or {name}_FILE; see .env.example."
    return f"{name} is wrong: {first['msg'].removeprefix('Value error, ')}."
