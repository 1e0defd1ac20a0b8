"""The log: what is secret is taken out, and libraries that talk too much are quiet."""

import json
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.log import Redactor, set_up
from bot.model.certificates.certificates import KeyType
from bot.pki.keys import make_key
from bot.pki.passphrases import new_passphrase

KNOWN = "plain-old-token-without-a-prefix"
BOT_TOKEN = "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
USER_TOKEN = "cfut_abcdefghijklmnopqrstuvwxyz0123456789"
ACCOUNT_TOKEN = "cfat_abcdefghijklmnopqrstuvwxyz0123456789"
GLOBAL_KEY = "cfk_abcdefghijklmnopqrstuvwxyz0123456789"
SECRETS = [KNOWN, BOT_TOKEN, USER_TOKEN, ACCOUNT_TOKEN, GLOBAL_KEY]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def private_key() -> str:
    key = make_key(KeyType.P256)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "a {} b", "https://api.telegram.org/bot{}/getMe", "('{}',)", "token={}&x=1"])
def test_secrets_are_taken_out_of_a_text(secret: str, around: str) -> None:
    redacted = Redactor((KNOWN,)).text(around.format(secret))
    assert secret not in redacted
    assert redacted == around.format("[redacted]")


def test_bearer_tokens_and_private_keys() -> None:
    redact = Redactor().text
    assert redact("Authorization: Bearer abcdefghijklmnopqrst") == "Authorization: Bearer [redacted]"
    pem = private_key()
    assert redact(f"before {pem} after") == "before [redacted]\n after"
    assert redact(f"cut {pem[:60]}") == "cut [redacted]"


def test_passwords_of_files_are_taken_out_whichever_are_drawn() -> None:
    redact = Redactor().text
    for around in ("{}", "the password is {}.", "{{'password': '{}'}}", "https://example.com/?word={}&x=1"):
        for _ in range(200):
            assert redact(around.format(new_passphrase())) == around.format("[redacted]")


FIVE_WORDS, SEVEN_WORDS = "-".join(["acid"] * 5), "-".join(["acid"] * 7)


@pytest.mark.parametrize(
    "text",
    [
        FIVE_WORDS,
        SEVEN_WORDS,
        "4a1e5d2c-90ab-4f0e-8d33-7c1f0a2b3c4d",
        "12:34:56",
        "person:abcdefgh",
        "ha.example.com:8443",
        "1234567890:short",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert Redactor(("",)).text(text) == text


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_line_holds_a_secret(capsys: pytest.CaptureFixture[str], log_format: str, secret: str) -> None:
    set_up("json" if log_format == "json" else "console", (KNOWN,))
    log = structlog.get_logger()
    log.info("ours", value=secret, many=[secret], deep={"a": {"b": secret}}, number=7)
    logging.getLogger("theirs").warning("theirs %s", secret)
    try:
        int(f"refused {secret}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("theirs").exception("failed too")
    written = capsys.readouterr().err
    assert secret not in written
    assert written.count("[redacted]") >= 6
    assert "Traceback" in written


def test_every_json_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    structlog.get_logger().info("one", n=1, none=None)
    logging.getLogger("theirs").error("two\nlines")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["event"], first["n"], first["none"], first["level"]) == ("one", 1, None, "info")
    assert second["event"] == "two\nlines"


@pytest.mark.parametrize(
    "name", ["httpx", "httpcore", "httpcore.http11", "telegram", "telegram.ext", "cloudflare", "sqlalchemy.engine"]
)
def test_talkative_libraries_are_quiet_even_at_debug(capsys: pytest.CaptureFixture[str], name: str) -> None:
    set_up("console", level=logging.DEBUG)
    logging.getLogger(name).debug("talk")
    logging.getLogger(name).info("talk")
    assert capsys.readouterr().err == ""
    logging.getLogger(name).warning("worth hearing")
    assert "worth hearing" in capsys.readouterr().err


def test_httpx_logs_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("console", level=logging.DEBUG)
    answer = httpx.MockTransport(lambda _: httpx.Response(200))
    with httpx.Client(transport=answer) as client:
        client.get(f"https://api.telegram.org/bot{BOT_TOKEN}/getMe")
    assert capsys.readouterr().err == ""


def test_debug_lines_of_ours_need_debug(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("console")
    structlog.get_logger().debug("hidden")
    assert capsys.readouterr().err == ""


async def test_an_answer_of_telegram_that_breaks_off_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """It is a message, and may hold a password. The library would log it whole, with its traceback."""
    set_up("console", level=logging.DEBUG)
    with pytest.raises(TelegramError):
        HTTPXRequest.parse_json_payload(b'{"ok": true, "result": {"text": "six-words-that-open-a-file')
    assert capsys.readouterr().err == ""
