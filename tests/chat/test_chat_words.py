"""Every word a person reads: each error has its sentence, names cannot inject, Telegram's limits hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from bot import errors
from bot.chat.keyboard import keyboard
from bot.chat.messages import devices, greetings, issuing, revoking
from bot.chat.messages.form import Button, Message, Voice
from bot.chat.messages.notices import render
from bot.chat.messages.refusals import as_popup, has_words, refusal
from bot.chat.press import Press, Verb
from bot.model import host_notices, notices, rule_notices
from bot.model.certificates import Certificate, Device, DeviceKind, KeyType, Origin, Purpose, State
from bot.model.identity import PublicId
from bot.model.lock import Answer, HostLock, LockState
from bot.model.people import Person, Role, ServerChange, Standing
from bot.model.requests import Request, RequestKind, RequestState
from bot.model.results import DeviceCard, DevicePage, Password, Secret
from bot.model.rule_state import Difference
from bot.model.symptoms import Symptom
from sandbox.telegram.formatting import formatted
from tests.chat.people_notices import examples

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VOICE = Voice("en", ZoneInfo("Europe/Madrid"), NOW)
HOSTILE = "<b>&\"'</b> 🙂"


def certificate(state: State = State.ACTIVE, name: str = HOSTILE) -> Certificate:
    device = Device(
        id=1,
        public_id=PublicId("device00"),
        owner_id=1,
        owner_telegram_id=5,
        owner_name=HOSTILE,
        name=name,
        kind=DeviceKind.ANDROID,
    )
    return Certificate(
        id=1,
        public_id=PublicId("abcd1234"),
        device=device,
        state=state,
        purpose=Purpose.DEVICE,
        origin=Origin.MADE_HERE,
        replaces=None,
        key_type=KeyType.P256,
        asked_days=730,
        common_name="x" * 48,
        public_key_sha256="a" * 64,
        cloudflare_id="id",
        serial="F" * 40,
        fingerprint_sha256="b" * 64,
        issued_at=NOW,
        expires_at=NOW + timedelta(days=730),
        created_at=NOW,
        shown_at=None,
        password_at=None,
        sent_at=NOW,
        password_shown_at=None,
        works_at=NOW,
        cleaned_at=None,
        lost_at=None,
        delivery_unknown_at=None,
        revoke_reason=None,
        revoke_asked_at=None,
        revoked_by=None,
        confirmed_revoked_at=None,
        never_restore=False,
        again_until=None,
    )


def lock(answer: Answer, hosts: int = 3) -> LockState:
    named = tuple(HostLock(f"host{n}.example.com", answer, Answer.NO) for n in range(hosts))
    return LockState(named, "(http.host in {…} and …)")


VIEWER = Person(
    id=1,
    public_id=PublicId("person00"),
    telegram_id=5,
    name=HOSTILE,
    role=Role.ADMIN,
    standing=Standing.OK,
    trusted=False,
    reachable=True,
    permanent=True,
    language="en",
    time_zone=None,
)
SOON = NOW + timedelta(minutes=2)


def every_request() -> list[Request]:
    return [
        Request(
            id=1,
            public_id=PublicId("request0"),
            kind=kind,
            state=state,
            person=replace(VIEWER, role=Role.MEMBER, permanent=False),
            device_name=name,
            device_kind=DeviceKind.IPHONE,
            via=None,
            days=None,
            line=HOSTILE * 30,
            came_by=HOSTILE,
            invited_by=HOSTILE,
            replaces=None,
            certificate_id=None,
            asked_at=NOW,
            expires_at=SOON,
            reminded_at=None,
            decided_by=1,
            decided_by_name=HOSTILE,
            decided_at=NOW,
            reason=HOSTILE * 30,
            permission_until=SOON,
        )
        for kind in RequestKind
        for state in RequestState
        for name in (None, HOSTILE)
    ]


LOCKS = (None, LockState((), ""), lock(Answer.YES), lock(Answer.NO), lock(Answer.UNSURE), lock(Answer.YES, 60))
HOSTS = tuple(f"host{n}.example.com" for n in range(60))
TURNED = rule_notices.TurnedAway(rule_notices.Turned.SEEN, 3)
ALL_NOTICES: list[notices.Notice] = [
    *examples(certificate(), VIEWER),
    *(notices.Making(certificate(), at) for at in (None, SOON)),
    *(notices.Ready(certificate(), state) for state in LOCKS),
    *(notices.ReadyOwnKey(certificate(), state) for state in LOCKS),
    *(
        notices.NotMade(certificate(), why, 100, 100)
        for why in ("Unclear", "MissingRight", "ZoneFull", "RefusedByEdge", "Busy", "NotAllowed", "NoRequest", "else")
    ),
    *(notices.Revoking(certificate(), at) for at in (None, SOON)),
    *(
        notices.Revoked(certificate(), sure, state, until)
        for sure in (True, False)
        for state in LOCKS
        for until in (None, SOON)
    ),
    *(notices.RevokeStuck(certificate(), right) for right in (None, "SSL")),
    *(notices.Restoring(certificate(), at) for at in (None, SOON)),
    *(notices.Restored(certificate(), state) for state in LOCKS),
    notices.RestoreRefused(certificate()),
    notices.Forgotten(certificate()),
    notices.NeverOpened(certificate()),
    notices.Tidied(certificate()),
    notices.PerhapsArrived(certificate()),
    *(notices.TakenByAnother(certificate(), HOSTILE, state) for state in LOCKS),
    notices.FoundActive(certificate()),
    notices.IssuedWithoutTap(certificate()),
    *(notices.HelpWanted(certificate(), symptom) for symptom in Symptom),
    notices.StepsAgain(certificate()),
    *(notices.RequestCard(request, 3, HOSTILE, first_seen=True) for request in every_request()),
    *(notices.RequestWaiting(request, (HOSTILE,) * many) for request in every_request() for many in (0, 5)),
    *(
        kind(request)
        for request in every_request()
        for kind in (
            notices.YouAreIn,
            notices.SaidYes,
            notices.SaidNo,
            notices.NobodyDecided,
            notices.PermissionLapsed,
            notices.Reminded,
        )
    ),
    *(
        notices.Revoked(certificate(), sure, lock(Answer.YES, 60), SOON, rule_notices.TurnedAway(how, 3))
        for sure in (True, False)
        for how in rule_notices.Turned
    ),
    *(notices.Revoking(certificate(), SOON, rule_notices.TurnedAway(how, 3)) for how in rule_notices.Turned),
    *(notices.RevokeStuck(certificate(), right, TURNED) for right in (None, "SSL")),
    *(
        rule_notices.RuleChanged(tuple(Difference), HOSTS, (HOSTILE,) * 9, put_back=put_back)
        for put_back in (True, False)
    ),
    *(
        rule_notices.RuleStuck(why, "WAF", HOSTS, 5)
        for why in ("RuleQuotaFull", "MissingRight", "HostsNotTaken", "RefusedByEdge")
    ),
    rule_notices.MoreThanFit(7),
    *(host_notices.HostsProgress((host_notices.HostNow("ha.example.com", step, 3),)) for step in host_notices.HostStep),
    *(
        host_notices.LockdownNow(on, everything, by, 2, step, HOSTS)
        for on in (True, False)
        for everything in (True, False)
        for by in ("", HOSTILE)
        for step in host_notices.RuleStep
    ),
    *(host_notices.TakeOverNow("abcd1234", state, HOSTS) for state in host_notices.TakeOverState),
    host_notices.HostsProgress(tuple(host_notices.HostNow(HOSTILE, step, 3) for step in host_notices.HostStep)),
    notices.CannotReach(HOSTILE),
    notices.PoisonUpdate(1, "abcd"),
    *(notices.DoneOnServer(what, HOSTILE, own=own) for what in ServerChange for own in (True, False)),
]


def every_error() -> list[type[errors.LatchkeyError]]:
    found, queue = [], [errors.LatchkeyError]
    while queue:
        kind = queue.pop()
        queue += kind.__subclasses__()
        found.append(kind)
    return found


def said_in_chat() -> list[type[errors.LatchkeyError]]:
    groups = (errors.Refused, errors.EdgeTrouble, errors.ChatTrouble)
    return [
        kind
        for kind in every_error()
        if issubclass(kind, groups) and not kind.__subclasses__() and kind is not errors.Unreachable
    ]


def an(kind: type[errors.LatchkeyError]) -> errors.LatchkeyError:
    examples: dict[type[errors.LatchkeyError], errors.LatchkeyError] = {
        errors.BadName: errors.BadName("long"),
        errors.BadValidity: errors.BadValidity(3650),
        errors.BadRequestFile: errors.BadRequestFile("key"),
        errors.UnknownDevice: errors.UnknownDevice(HOSTILE, ((HOSTILE, "abcd1234"),)),
        errors.NameTaken: errors.NameTaken(HOSTILE, "abcd1234"),
        errors.LimitReached: errors.LimitReached(5),
        errors.ZoneFull: errors.ZoneFull(100, 100),
        errors.AlreadyAsked: errors.AlreadyAsked(SOON),
        errors.AskedLately: errors.AskedLately(SOON),
        errors.Decided: errors.Decided("approved", HOSTILE),
        errors.RefusedByEdge: errors.RefusedByEdge(400),
        errors.NotLocked: errors.NotLocked((HOSTILE,)),
        errors.BadHost: errors.BadHost(HOSTILE, "deep", "example.com"),
        errors.ExpressionTooLong: errors.ExpressionTooLong(2400, 2000),
        errors.RuleQuotaFull: errors.RuleQuotaFull(5),
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
    assert len(as_popup(message)) <= 200


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_the_tree_in_the_docstring_names_each_error(kind: type[errors.LatchkeyError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("notice", ALL_NOTICES, ids=lambda notice: type(notice).__name__)
@pytest.mark.parametrize("member", [False, True], ids=["admin", "member"])
def test_each_notice_can_be_shown(notice: notices.Notice, member: bool) -> None:
    voice = replace(VOICE, member=member)
    check(render(notice, voice), caption=isinstance(notice, notices.Ready | notices.ReadyOwnKey))


def test_no_notice_is_left_out() -> None:
    assert set(get_args(notices.Notice)) == {type(notice) for notice in ALL_NOTICES}


def test_a_name_with_markup_stays_text() -> None:
    shown = formatted(str(render(notices.Making(certificate()), VOICE).html), "HTML")
    assert HOSTILE in shown.text
    assert [entity["type"] for entity in shown.entities] == ["bold"]


@pytest.mark.parametrize("state", State)
def test_lists_and_cards_in_each_state(state: State) -> None:
    page = DevicePage((certificate(state),) * 6, 1, 3, 18, 73, 100, of_everybody=True)
    check(devices.page(page, VIEWER, VOICE))
    check(devices.card(DeviceCard(certificate(state), VIEWER, SOON), VOICE))


def test_greetings() -> None:
    for message in (greetings.start(VIEWER, VOICE), greetings.help_text(VIEWER, VOICE)):
        check(message)
        assert "your devices keep working when i am off" in message.html.lower()
    check(greetings.whoami(VIEWER, VOICE))


def test_the_password_is_told_only_where_it_belongs() -> None:
    shown = Password(PublicId("abcd1234"), "pixel8.p12", SOON, Secret("plum-plum"))
    assert "plum" not in repr(shown)
    assert issuing.password(shown, VOICE).secret
    assert "plum-plum" in issuing.password_popup(shown, VOICE)
    assert len(issuing.password_popup(shown, VOICE)) <= 200


def test_words_of_a_revoke_are_earned() -> None:
    unconfirmed = notices.Revoked(certificate(), confirmed=False, lock=None, undo_until=None)
    assert "revoked at Cloudflare" not in revoking.revoked(unconfirmed, VOICE).html


@pytest.mark.parametrize(
    "button",
    [
        Button(text="nothing"),
        Button(text="two", press=Press(Verb.PAGE), url="https://example.com"),
        Button(text="long", copy="x" * 257),
    ],
)
def test_a_button_does_exactly_one_thing(button: Button) -> None:
    with pytest.raises(ValueError, match=r"exactly one thing|too long"):
        keyboard(((button,),))
