"""The settings: where they come from, and the one line for each mistake."""

from collections.abc import Mapping
from ipaddress import IPv6Address
from pathlib import Path

import pytest

from bot.errors import InvalidSetting
from bot.settings import PREFIX, Settings, load

TOKEN = "123456789:AAHsecretsecretsecretsecretsecretse"
NEEDED = {
    "LATCHKEY_TELEGRAM_TOKEN": TOKEN,
    "LATCHKEY_CLOUDFLARE_TOKEN": "cfut_secretsecretsecretsecretsecretsecret",
    "LATCHKEY_ZONE": "example.com",
}
NOWHERE = Path("/nonexistent/.env")
# Each setting, a text that is not its default, and what it then is.
TEXTS: dict[str, tuple[str, object]] = {
    "telegram_token": ("1:x", "1:x"),
    "cloudflare_token": ("other", "other"),
    "zone": ("Example.ORG.", "example.org"),
    "admins": ("1, 2 3", frozenset({1, 2, 3})),
    "database": ("/srv/db.sqlite3", Path("/srv/db.sqlite3")),
    "key_type": ("rsa2048", "rsa2048"),
    "validity_days": ("90", 90),
    "device_limit": ("7", 7),
    "p12": ("modern", "modern"),
    "cleanup_minutes": ("10", 10),
    "request_hours": ("24", 24),
    "max_open_hours": ("2", 2),
    "strangers": ("ignore", "ignore"),
    "trusted_report": ("no", False),
    "digest": ("off", "off"),
    "timezone": ("Europe/Madrid", "Europe/Madrid"),
    "log_format": ("json", "json"),
    "metrics_port": ("9464", 9464),
    "metrics_host": ("::1", IPv6Address("::1")),
    "telegram_api": ("https://telegram.example.org/", "https://telegram.example.org"),
    "cloudflare_api": ("http://127.0.0.1:8080/client/v4/", "http://127.0.0.1:8080/client/v4"),
}


def loaded(environment: Mapping[str, str], env_file: Path = NOWHERE) -> Settings:
    return load({**NEEDED, **environment}, env_file)


def value_of(settings: Settings, field: str) -> object:
    value = getattr(settings, field)
    return value.get_secret_value() if field.endswith("_token") else value


def complaint(environment: Mapping[str, str], env_file: Path = NOWHERE) -> str:
    with pytest.raises(InvalidSetting) as stopped:
        load(environment, env_file)
    line = stopped.value.line
    assert "\n" not in line
    assert line.startswith(PREFIX)
    return line


def test_every_setting_is_tried_here() -> None:
    assert set(TEXTS) == set(Settings.model_fields)
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("field", list(TEXTS))
def test_from_the_environment_from_a_file_and_from_the_env_file(tmp_path: Path, field: str) -> None:
    text, expected = TEXTS[field]
    name = PREFIX + field.upper()
    others = {key: value for key, value in NEEDED.items() if key != name}
    secret, env_file = tmp_path / "secret", tmp_path / ".env"
    secret.write_text(f"{text}\n", encoding="utf-8")
    env_file.write_text(f"{name}='{text}'\n", encoding="utf-8")
    for settings in (
        load({**others, name: text}, NOWHERE),
        load({**others, f"{name}_FILE": str(secret)}, NOWHERE),
        load(others, env_file),
    ):
        assert value_of(settings, field) == expected


@pytest.mark.parametrize("field", list(TEXTS))
def test_set_twice(tmp_path: Path, field: str) -> None:
    name = PREFIX + field.upper()
    line = complaint({**NEEDED, name: "a", f"{name}_FILE": str(tmp_path / "b")})
    assert line == f"{name} and {name}_FILE are both set: keep one of them."


def test_the_environment_goes_before_the_env_file_in_either_form(tmp_path: Path) -> None:
    secret, env_file = tmp_path / "zone", tmp_path / ".env"
    secret.write_text("file.example.com", encoding="utf-8")
    env_file.write_text(f"LATCHKEY_ZONE=below.example.com\nLATCHKEY_ADMINS_FILE={secret}\nOTHER=x\n", encoding="utf-8")
    without = {name: value for name, value in NEEDED.items() if name != "LATCHKEY_ZONE"}
    settings = load({**without, "LATCHKEY_ZONE_FILE": str(secret), "LATCHKEY_ADMINS": "5"}, env_file)
    assert (settings.zone, settings.admins) == ("file.example.com", frozenset({5}))


def test_an_unknown_setting() -> None:
    for name in ("LATCHKEY_ADMIN", "LATCHKEY_ZONES_FILE", "LATCHKEY_"):
        assert complaint({**NEEDED, name: "x"}).startswith(f"{name} is no setting")
    assert loaded({"OTHER_ADMIN": "x"}).admins == frozenset()


@pytest.mark.parametrize("name", list(NEEDED))
@pytest.mark.parametrize("blank", [None, ""])
def test_a_setting_that_must_be_there(name: str, blank: str | None) -> None:
    given = {key: value for key, value in NEEDED.items() if key != name}
    assert f"{name} is missing" in complaint(given if blank is None else {**given, name: blank})


@pytest.mark.parametrize("text", ["", " ", ",", " , "])
def test_no_admins_is_nobody(text: str) -> None:
    assert loaded({"LATCHKEY_ADMINS": text}).admins == frozenset()


def test_an_empty_file_of_admins_is_nobody(tmp_path: Path) -> None:
    (tmp_path / "admins").write_text("\n", encoding="utf-8")
    assert loaded({"LATCHKEY_ADMINS_FILE": str(tmp_path / "admins")}).admins == frozenset()


@pytest.mark.parametrize("text", ["1,2,3", "1 2 3", "1, 2,3", " 3 2\t1 ", "1,,2,3,", "1\n2\n3", "1 1 2 3"])
def test_admins_by_comma_or_blank(text: str) -> None:
    assert loaded({"LATCHKEY_ADMINS": text}).admins == {1, 2, 3}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("admins", "@anna"),
        ("admins", "1;2"),
        ("zone", "localhost"),
        ("zone", "https://example.com"),
        ("key_type", "ed25519"),
        ("validity_days", "0"),
        ("validity_days", "3651"),
        ("validity_days", "1y"),
        ("device_limit", "0"),
        ("cleanup_minutes", "4"),
        ("p12", "legacy"),
        ("strangers", "allow"),
        ("digest", "daily"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("telegram_token", " "),
        ("log_format", "xml"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(field: str, text: str) -> None:
    name = PREFIX + field.upper()
    line = complaint({**NEEDED, name: text})
    assert line.startswith(f"{name} is wrong:")
    assert not text.strip() or text not in line


@pytest.mark.parametrize("field", ["telegram_api", "cloudflare_api"])
@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://api.example.org", True),
        ("http://127.0.0.1:81", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:81", True),
        ("http://localhost:81", True),
        ("http://api.example.org", False),
        ("http://192.168.1.2", False),
        ("http://127.0.0.1.example.org", False),
        ("http://localhost.example.org", False),
        ("http://localhost@example.org", False),
        ("ftp://127.0.0.1", False),
        ("127.0.0.1:81", False),
        ("https://", False),
        ("https://[secret]", False),
    ],
)
def test_plain_http_only_to_this_machine(field: str, address: str, *, allowed: bool) -> None:
    name = PREFIX + field.upper()
    if allowed:
        assert value_of(loaded({name: address}), field) == address
    else:
        assert "secret" not in complaint({**NEEDED, name: address})


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for file in (tmp_path / "missing", tmp_path, tmp_path / "binary"):
        given = {**NEEDED, "LATCHKEY_ADMINS_FILE": str(file)}
        assert complaint(given) == "LATCHKEY_ADMINS_FILE names a file that cannot be read."


def test_no_secret_shows_in_the_settings() -> None:
    shown = repr(loaded({}))
    assert "secret" not in shown.lower().replace("secretstr", "")
    assert TOKEN not in shown
