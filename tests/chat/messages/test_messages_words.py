"""Every word a person reads: each error has its sentence, names cannot inject, Telegram's limits hold."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from markupsafe import Markup

from bot import errors
from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.certificates import devices, issue, revoke
from bot.chat.messages.message import Button, Message
from bot.chat.messages.people import greetings
from bot.chat.messages.refusals import fits_a_popup, has_words, refusal
from bot.chat.messages.render import render
from bot.chat.outbound.keyboard import keyboard
from bot.model import notices
from bot.model.certificates.certificates import State
from bot.model.certificates.renewal import RenewalDue
from bot.model.people import request_notices
from bot.model.public_id import PublicId
from bot.model.results import DeviceCard, DevicePage, Password, Secret
from sandbox.telegram.formatting import formatted
from tests.chat.notice_examples import ALL_NOTICES, HOSTILE, HOSTS, SOON, VIEWER, VOICE, certificate
from tests.collected import collected


def every_error() -> list[type[errors.LatchkeyError]]:
    found, queue = [], [errors.LatchkeyError]
    while queue:
        kind = queue.pop()
        queue += kind.__subclasses__()
        found.append(kind)
    return found


def said_in_chat() -> list[type[errors.LatchkeyError]]:
    groups = (errors.Refused, errors.EdgeTrouble, errors.ChatTrouble, errors.StoreTrouble)
    return [
        kind
        for kind in every_error()
        if issubclass(kind, groups) and not kind.__subclasses__() and kind is not errors.Unreachable
    ]


def an(kind: type[errors.LatchkeyError]) -> errors.LatchkeyError:
    examples: dict[type[errors.LatchkeyError], errors.LatchkeyError] = {
        errors.InvalidName: errors.InvalidName("long", "64"),
        errors.UnclearTime: errors.UnclearTime("several", HOSTILE, (timedelta(minutes=6), timedelta(days=180))),
        errors.InvalidValidity: errors.InvalidValidity(3650),
        errors.InvalidRequestFile: errors.InvalidRequestFile("key"),
        errors.InvalidTimeZone: errors.InvalidTimeZone(("Europe/Lisbon", "America/New_York")),
        errors.UnknownDevice: errors.UnknownDevice(HOSTILE, ((HOSTILE, "abcd1234"),)),
        errors.NameTaken: errors.NameTaken(HOSTILE, "abcd1234"),
        errors.LastAdmin: errors.LastAdmin(HOSTILE, 7),
        errors.LimitReached: errors.LimitReached(5),
        errors.ZoneFull: errors.ZoneFull(100, 100),
        errors.AlreadyAsked: errors.AlreadyAsked(SOON),
        errors.AskedLately: errors.AskedLately(SOON),
        errors.AlreadyDecided: errors.AlreadyDecided("approved", HOSTILE),
        errors.RefusedByEdge: errors.RefusedByEdge(400),
        errors.CertificateQuotaFull: errors.CertificateQuotaFull(400),
        errors.NotLocked: errors.NotLocked((HOSTILE,)),
        errors.StoreUnavailable: errors.StoreUnavailable("full"),
        errors.InvalidHost: errors.InvalidHost(HOSTILE, "deep", "example.com"),
        errors.ExpressionTooLong: errors.ExpressionTooLong(2400, 2000),
        errors.RuleQuotaFull: errors.RuleQuotaFull(5),
        errors.InvalidPath: errors.InvalidPath("encoded", HOSTILE),
        errors.NotProtected: errors.NotProtected("ha.example.com"),
        errors.NoPathsNow: errors.NoPathsNow("lockdown"),
        errors.AlreadyOpen: errors.AlreadyOpen("abcd1234", HOSTILE),
        errors.NoRoomForPath: errors.NoRoomForPath(3, 5),
        errors.MaxDurationReached: errors.MaxDurationReached(SOON, 24),
        errors.HostsNotTaken: errors.HostsNotTaken(HOSTS[:1]),
        errors.Busy: errors.Busy(1),
        errors.MissingRight: errors.MissingRight("SSL"),
        errors.ChatBusy: errors.ChatBusy(1),
    }
    return examples.get(kind) or kind()


def check(message: Message, *, caption: bool = False) -> None:
    text = formatted(str(message.html), "HTML").text
    assert text.strip()
    assert len(text) <= (1024 if caption else 4096)
    assert "{" not in text.replace("{…}", "")
    assert isinstance(message.html, Markup)
    keyboard(message.rows)


@pytest.mark.parametrize("kind", said_in_chat(), ids=lambda kind: kind.__name__)
def test_each_error_has_a_sentence(kind: type[errors.LatchkeyError]) -> None:
    assert has_words(kind)
    message = refusal(an(kind), VOICE)
    check(message)
    assert fits_a_popup(message) or message.rows


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_the_tree_in_the_docstring_names_each_error(kind: type[errors.LatchkeyError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("member", [False, True], ids=["admin", "member"])
def test_each_notice_can_be_shown(member: bool) -> None:
    voice = replace(VOICE, member=member)
    with collected() as cases:
        for notice in ALL_NOTICES:
            with cases.case(f"{notice!r:.300}"):
                check(render(notice, voice), caption=isinstance(notice, notices.Ready | notices.ReadyOwnKey))


def test_no_notice_is_left_out() -> None:
    assert set(get_args(notices.Notice)) == {type(notice) for notice in ALL_NOTICES}


def test_a_name_with_markup_stays_text() -> None:
    shown = formatted(str(render(notices.Making(certificate()), VOICE).html), "HTML")
    assert HOSTILE in shown.text
    assert [entity["type"] for entity in shown.entities] == ["bold"]


_OF_OWN_DEVICES = (
    *(notices.Making, notices.Ready, notices.NotMade, notices.PerhapsArrived, notices.Forgotten, notices.NeverOpened),
    *(notices.Tidied, notices.Revoking, notices.Revoked, notices.RevokeStuck, notices.Restoring, notices.Restored),
    *(notices.RestoreRefused, notices.TakenByAnother, request_notices.SaidYes, RenewalDue),
)
_JARGON = re.compile(r"certificate|revoked|revoking|fingerprint|\brule\b|expression|\btoken|dashboard", re.IGNORECASE)


def test_members_read_of_keys_and_passwords() -> None:
    """What stands on a phone's own screen is in italics, and is as it is."""
    with collected() as cases:
        for notice in (one for one in ALL_NOTICES if isinstance(one, _OF_OWN_DEVICES)):
            with cases.case(f"{notice!r:.300}"):
                said = re.sub(r"<i>.*?</i>", "", str(render(notice, replace(VOICE, member=True)).html))
                assert not _JARGON.findall(said)


@pytest.mark.parametrize("state", State)
def test_a_members_card_has_nothing_of_the_dashboard(state: State) -> None:
    said = devices.card(DeviceCard(certificate(state), VIEWER, SOON), replace(VOICE, member=True)).html
    assert not re.search("Serial|Fingerprint", said)


@pytest.mark.parametrize("state", State)
def test_lists_and_cards_in_each_state(state: State) -> None:
    page = DevicePage((certificate(state),) * 6, 1, 3, 18, 73, 100, of_everybody=True)
    check(devices.page(page, VIEWER, VOICE))
    check(devices.page(replace(page, older=(certificate(State.ACTIVE),)), VIEWER, VOICE))
    check(devices.card(DeviceCard(certificate(state), VIEWER, SOON), VOICE))


def test_greetings() -> None:
    for message in (greetings.start(VIEWER, VOICE), greetings.help_text(VIEWER, VOICE)):
        check(message)
        assert "your devices keep working when i am off" in message.html.lower()
    check(greetings.whoami(VIEWER, VOICE))


def test_the_password_is_told_only_where_it_belongs() -> None:
    shown = Password(PublicId("abcd1234"), "pixel8.p12", SOON, Secret("plum-plum"))
    assert "plum" not in repr(shown)
    assert issue.password(shown, VOICE).secret
    assert "plum-plum" in issue.password_popup(shown, VOICE)
    assert len(issue.password_popup(shown, VOICE)) <= 200


def test_words_of_a_revoke_are_earned() -> None:
    unconfirmed = notices.Revoked(certificate(), confirmed=False, lock=None, undo_until=None)
    assert "revoked at Cloudflare" not in revoke.revoked(unconfirmed, VOICE).html


@pytest.mark.parametrize(
    "button",
    [
        Button(text="nothing"),
        Button(text="two", callback=CallbackData(CallbackAction.PAGE), url="https://example.com"),
        Button(text="long", copy="x" * 257),
    ],
)
def test_a_button_does_exactly_one_thing(button: Button) -> None:
    with pytest.raises(ValueError, match=r"exactly one thing|too long"):
        keyboard(((button,),))
