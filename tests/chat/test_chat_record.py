"""The record in words."""

import ast
import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest

from bot.chat.messages import record
from bot.chat.messages.form import Voice
from bot.chat.messages.record_words import DETAILS, SENTENCES, WITH_DETAIL
from bot.model.audit import AuditEvent, Named, NamedKind, ReadableEvent, Tag
from bot.model.certificates import RevokeReason
from bot.model.paths import PathEnd
from bot.model.probing import Verdict
from bot.model.results import RecordPage
from sandbox.telegram.formatting import formatted
from tests.chat.notice_examples import HOSTILE, VIEWER
from tests.chat.test_chat_words import check
from tests.collected import collected


def _whys() -> set[str]:
    """What is given as the reason why a certificate was not made."""
    found: set[str] = set()
    for call in ast.walk(ast.parse(inspect.getsource(import_module("bot.services.chores.issue")))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_fail", "_start_over"}:
            words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
            found |= {word for word in words if isinstance(word, str)}
    assert found
    return found


NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VOICE = Voice("en", ZoneInfo("Europe/Madrid"), NOW)
LONG = "<b>" + "W" * 61
KINDS: tuple[NamedKind, ...] = (
    "person",
    "account",
    "device",
    "request",
    "invitation",
    "claim",
    "system",
    "server",
    "other",
)


def event(tag: str, actor: Named, subject: Named, **detail: str) -> ReadableEvent:
    stored = AuditEvent(
        id=1, at=NOW - timedelta(days=3), tag=tag, actor="person:abcdefgh", subject="abcdefgh", detail=detail
    )
    return ReadableEvent(stored, actor, subject)


def words(readable: ReadableEvent) -> str:
    return formatted(str(record.sentence(readable, VOICE)), "HTML").text


def test_every_tag_has_a_sentence_of_its_own() -> None:
    assert SENTENCES.keys() == set(Tag)
    assert WITH_DETAIL.keys() <= SENTENCES.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_takes_hostile_names(kind: NamedKind) -> None:
    named = Named(kind, HOSTILE, HOSTILE)
    with collected() as cases:
        for tag in Tag:
            with cases.case(tag):
                said = words(event(tag, named, named, why=HOSTILE, how="by-hand"))
                assert "{" not in said
                if kind == "person":
                    assert HOSTILE in said or said.startswith(("The ", "Cloudflare "))


def test_names_are_those_of_people_and_devices() -> None:
    anna, phone = Named("person", "Anna"), Named("device", "pixel8", "Kim")
    asked = event(Tag.CERTIFICATE_REVOKE_ASKED, anna, phone, reason="by-admin")
    assert words(asked) == "Anna revoked Kim/pixel8 (by admin)"
    assert words(event(Tag.REQUEST_DENIED, anna, Named("request", "tablet", "Kim"))) == (
        "Anna said no to Kim's request for tablet"
    )
    assert words(event(Tag.REQUEST_APPROVED, anna, Named("request", "", "Kim"))) == (
        "Anna said yes to Kim's request to come in"
    )


@pytest.mark.parametrize("value", sorted({*RevokeReason, *PathEnd, *Verdict, *_whys()} - {RevokeReason.PLAIN}))
def test_what_is_stored_as_a_word_is_said_in_words(value: str) -> None:
    assert value in DETAILS


def test_details_are_said_in_the_readers_language() -> None:
    system, phone = Named("system", ""), Named("device", "pixel8", "Kim")
    german = replace(VOICE, language="de")
    for tag, detail, said in (
        (Tag.CERTIFICATE_REVOKE_DECIDED, {"reason": "never-opened"}, "(nie geöffnet)"),
        (Tag.CERTIFICATE_FAILED, {"why": "MissingRight"}, "(dem Token fehlt ein Recht)"),
        (Tag.PATH_CLOSED, {"why": "lockdown"}, "(Abriegelung)"),
        (Tag.PATH_TRIED, {"met": "passed 200"}, "(hereingelassen, 200)"),
        (Tag.PATH_TRIED, {"met": "unclear time-out"}, "(niemand hat innerhalb von 10 Sekunden geantwortet)"),
        (Tag.PATH_TRIED, {"met": "of another version"}, "(of another version)"),
        (Tag.BACKUP_RESTORED, {"made_at": "2026-03-04T11:00:00+00:00"}, "(4. März 2026, 12:00)"),
    ):
        html = str(record.sentence(event(tag, system, phone, **detail), german))
        assert formatted(html, "HTML").text.endswith(said)


def test_a_tag_of_another_version_is_shown_as_it_is() -> None:
    assert words(event("chat:moon:landed<", Named("system", ""), Named("other", "x"))) == "chat:moon:landed<"


def test_the_longest_page_fits() -> None:
    longest = event(
        Tag.PERSON_NOT_LOST_AFTER_ALL, Named("request", LONG, LONG), Named("request", LONG, LONG), reason="x" * 300
    )
    check(record.page(RecordPage((longest,) * 8, 1, 3, 20, None), VOICE))
    check(record.page(RecordPage((), 0, 1, 0, VIEWER), VOICE))
