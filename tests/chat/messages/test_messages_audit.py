"""The record in words."""

import ast
import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest

from bot.chat.messages.audit import pages
from bot.chat.messages.audit.sentences import DETAILS, SENTENCES, WITH_DETAIL
from bot.chat.messages.message import Locale
from bot.model.audit import AuditEvent, AuditTag, NamedKind, NamedSubject, ReadableEvent
from bot.model.certificates.certificates import RevokeReason
from bot.model.openings.paths import PathEnd
from bot.model.proofs.probe_results import Verdict
from bot.model.results import RecordPage
from sandbox.telegram.formatting import formatted
from tests.chat.messages.test_messages_words import check
from tests.chat.notice_examples import HOSTILE, VIEWER
from tests.collected import collected


def _whys() -> set[str]:
    """What is given as the reason why a certificate was not made."""
    found: set[str] = set()
    for call in ast.walk(ast.parse(inspect.getsource(import_module("bot.services.certificates.issue_job")))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_fail", "_start_over"}:
            words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
            found |= {word for word in words if isinstance(word, str)}
    assert found
    return found


NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VOICE = Locale("en", ZoneInfo("Europe/Madrid"), NOW)
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


def event(tag: str, actor: NamedSubject, subject: NamedSubject, **detail: str) -> ReadableEvent:
    stored = AuditEvent(
        id=1, at=NOW - timedelta(days=3), tag=tag, actor="person:abcdefgh", subject="abcdefgh", detail=detail
    )
    return ReadableEvent(stored, actor, subject)


def words(readable: ReadableEvent) -> str:
    return formatted(str(pages.sentence(readable, VOICE)), "HTML").text


def test_every_tag_has_a_sentence_of_its_own() -> None:
    assert SENTENCES.keys() == set(AuditTag)
    assert WITH_DETAIL.keys() <= SENTENCES.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_takes_hostile_names(kind: NamedKind) -> None:
    named = NamedSubject(kind, HOSTILE, HOSTILE)
    with collected() as cases:
        for tag in AuditTag:
            with cases.case(tag):
                said = words(event(tag, named, named, why=HOSTILE, how="by-hand"))
                assert "{" not in said
                if kind == "person":
                    assert HOSTILE in said or said.startswith(("The ", "Cloudflare "))


def test_names_are_those_of_people_and_devices() -> None:
    anna, phone = NamedSubject("person", "Anna"), NamedSubject("device", "pixel8", "Kim")
    asked = event(AuditTag.CERTIFICATE_REVOKE_ASKED, anna, phone, reason="by-admin")
    assert words(asked) == "Anna revoked Kim/pixel8 (by admin)"
    assert words(event(AuditTag.REQUEST_DENIED, anna, NamedSubject("request", "tablet", "Kim"))) == (
        "Anna said no to Kim's request for tablet"
    )
    assert words(event(AuditTag.REQUEST_APPROVED, anna, NamedSubject("request", "", "Kim"))) == (
        "Anna said yes to Kim's request to come in"
    )


@pytest.mark.parametrize("value", sorted({*RevokeReason, *PathEnd, *Verdict, *_whys()} - {RevokeReason.PLAIN}))
def test_what_is_stored_as_a_word_is_said_in_words(value: str) -> None:
    assert value in DETAILS


def test_details_are_said_in_the_readers_language() -> None:
    system, phone = NamedSubject("system", ""), NamedSubject("device", "pixel8", "Kim")
    german = replace(VOICE, language="de")
    for tag, detail, said in (
        (AuditTag.CERTIFICATE_REVOKE_DECIDED, {"reason": "never-opened"}, "(nie geöffnet)"),
        (AuditTag.CERTIFICATE_FAILED, {"why": "MissingRight"}, "(dem Token fehlt ein Recht)"),
        (AuditTag.PATH_CLOSED, {"why": "lockdown"}, "(Abriegelung)"),
        (AuditTag.PATH_TRIED, {"met": "passed 200"}, "(hereingelassen, 200)"),
        (AuditTag.PATH_TRIED, {"met": "unclear time-out"}, "(niemand hat innerhalb von 10 Sekunden geantwortet)"),
        (AuditTag.PATH_TRIED, {"met": "of another version"}, "(of another version)"),
        (AuditTag.BACKUP_RESTORED, {"made_at": "2026-03-04T11:00:00+00:00"}, "(4. März 2026, 12:00)"),
    ):
        html = str(pages.sentence(event(tag, system, phone, **detail), german))
        assert formatted(html, "HTML").text.endswith(said)


def test_a_tag_of_another_version_is_shown_as_it_is() -> None:
    assert (
        words(event("chat:moon:landed<", NamedSubject("system", ""), NamedSubject("other", "x"))) == "chat:moon:landed<"
    )


def test_the_longest_page_fits() -> None:
    longest = event(
        AuditTag.PERSON_NOT_LOST_AFTER_ALL,
        NamedSubject("request", LONG, LONG),
        NamedSubject("request", LONG, LONG),
        reason="x" * 300,
    )
    check(pages.page(RecordPage((longest,) * 8, 1, 3, 20, None), VOICE))
    check(pages.page(RecordPage((), 0, 1, 0, VIEWER), VOICE))
