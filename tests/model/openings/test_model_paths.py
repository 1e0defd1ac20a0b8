"""How much of a path is shown: enough to tell two apart, and never half a password; its states, and how it is tried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.openings.paths import (
    HIDDEN,
    LEASE,
    MAX_CLOCKS_APART,
    PATH_ENDED,
    PATH_IN_RULE,
    PATH_MOVES,
    OpenPath,
    PathState,
    masked,
    shortened,
)
from bot.model.protection.rule import PathException
from bot.model.public_id import PublicId
from bot.model.status.blocked_requests import MAX_SHOWN, BlockedRequest, BlockedRequests, ClientKind, program

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PATH = OpenPath(
    id=1,
    public_id=PublicId("pppppppp"),
    state=PathState.OPEN,
    host="ha.example.com",
    path="/api/webhook/abcdefgh",
    query=None,
    method=None,
    networks=(),
    reason=None,
    lasting=False,
    opened_by=1,
    opened_at=NOW,
    closes_at=NOW,
    asked_until=None,
    written_until=None,
    moved_by=None,
    closed_at=None,
    closed_by=None,
    end=None,
    tried=None,
    kept_at=None,
)

PATHS = st.text("abc/_-0123", min_size=1, max_size=90).map("/".__add__)


@given(PATHS)
def test_at_most_the_beginning_and_a_quarter_of_the_rest(path: str) -> None:
    shown = shortened(path)
    assert path.startswith(shown.partition(HIDDEN)[0])
    assert path.endswith(shown.rpartition(HIDDEN)[2])
    if len(path) > 12:
        assert len(shown.partition(HIDDEN)[0]) == 12
        assert len(shown.rpartition(HIDDEN)[2]) <= min(4, (len(path) - 12) // 4)
        assert masked(path) == path[:12] + HIDDEN
    else:
        assert shown == masked(path) == path


@given(PATHS)
def test_what_was_shortened_stays_as_it_is(path: str) -> None:
    assert shortened(shortened(path)) == shortened(path)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        # Shortened already: 12 characters, the sign, 4 at most.
        ("/api/webhook…cafe", "/api/webhook…cafe"),
        ("/api/webhook…cafe!", "/api/webhook…"),
        ("/api/webhooks", "/api/webhook…"),
        ("/api/webhookscafe", "/api/webhook…"),
    ],
)
def test_only_what_is_short_enough_was_shortened(path: str, shown: str) -> None:
    assert shortened(path) == shown


@given(st.text(max_size=90))
def test_nothing_that_somebody_knocks_at_is_shown_whole_for_being_odd(path: str) -> None:
    assert len(shortened(path)) <= 17


def test_the_bounds() -> None:
    webhook = "/api/webhook"
    assert shortened(webhook) == masked(webhook) == webhook
    assert masked(webhook + "/") == "/api/webhook…"
    assert shortened(webhook + "/") == "/api/webhook…"
    assert shortened(webhook + "/123456") == "/api/webhook…"
    assert shortened(webhook + "/1234567") == "/api/webhook…67"
    assert shortened(webhook + "/" + "0" * 60 + "cafe") == "/api/webhook…cafe"


def test_who_calls_themself_latchkey_is_told_so() -> None:
    assert program("Latchkey (checks the lock of this host)") is ClientKind.CLAIMS_LATCHKEY


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("Home Assistant/2026.11 (okhttp/4.12)", "Home Assistant"),
        ("Immich_Android_1.9 Dart bot", "Immich"),
        ("Mozilla/5.0 Nextcloud-android/3.30", "Nextcloud"),
        ("Paperless okhttp/4", "Paperless"),
        ("Mozilla/5.0 Chrome/120 Safari/537.36 Edg/120.0", "Edge"),
        ("Mozilla/5.0 Chrome/120 Safari/537.36 OPR/105", "Opera"),
        ("SamsungBrowser/23.0 Chrome/115 Mobile Safari/537.36", "Samsung Internet"),
        ("Mozilla/5.0 Gecko/20100101 Firefox/121.0", "Firefox"),
        ("Mozilla/5.0 FxiOS/121.0 Safari/605.1.15", "Firefox"),
        ("Mozilla/5.0 CriOS/120 Safari/604.1", "Chrome"),
        ("Mozilla/5.0 Chrome/120 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 Version/17.1 Safari/605.1.15", "Safari"),
        ("okhttp/4.12.0", ClientKind.ANDROID_APP),
        ("MyApp/1 CFNetwork/1490 Darwin/23", ClientKind.APPLE_APP),
        ("curl/8.4.0", "curl"),
        ("python-requests/2.31", ClientKind.PYTHON),
        ("Go-http-client/1.1", ClientKind.GO),
        ("Googlebot/2.1", ClientKind.ROBOT),
        ("something else", "?"),
        ("", "?"),
    ],
)
def test_programs_are_told_by_what_is_most_special_in_their_names(sign: str, name: str | ClientKind) -> None:
    assert program(sign) == name


def test_a_knock_shows_no_whole_path() -> None:
    knock = BlockedRequest(at=NOW, host="ha.example.com", path="/api/webhook/abcdefgh", country="ES", program="curl")
    assert knock.shown == "ha.example.com/api/webhook…gh"
    assert "abcdefgh" not in repr(knock)
    assert BlockedRequests(()).hours == 0
    assert MAX_SHOWN == 10


def sources(state: PathState) -> set[PathState]:
    """From where it is reached."""
    return {before for before, moves in PATH_MOVES.items() if state in moves}


@pytest.mark.parametrize(
    ("state", "before"),
    [
        (PathState.ASKED, set()),
        (PathState.CHECKING, {PathState.ASKED}),
        # Nothing gets into the rule before the clocks were compared.
        (PathState.OPENING, {PathState.CHECKING}),
        (PathState.OPEN, {PathState.OPENING}),
        (PathState.CLOSING, {PathState.OPENING, PathState.OPEN}),
        (PathState.CLOSED, {PathState.OPENING, PathState.OPEN, PathState.CLOSING}),
        # What may have been open is closed, never refused; only an opening that failed was not.
        (PathState.REFUSED, {PathState.ASKED, PathState.CHECKING, PathState.OPENING}),
    ],
)
def test_where_a_state_comes_from(state: PathState, before: set[PathState]) -> None:
    assert sources(state) == before


def test_what_has_ended_stays_ended_and_is_in_no_rule() -> None:
    assert set(PATH_MOVES) == set(PathState)
    assert {state for state, moves in PATH_MOVES.items() if not moves} == PATH_ENDED
    assert {PathState.OPENING, PathState.OPEN} == PATH_IN_RULE


def test_how_long_a_lease_is_and_how_far_clocks_may_be_apart() -> None:
    assert timedelta(days=30) == LEASE
    assert timedelta(minutes=1) == MAX_CLOCKS_APART


@pytest.mark.parametrize(
    ("method", "by", "harmless"),
    [
        (None, "GET", True),
        ("GET", "GET", True),
        ("HEAD", "HEAD", True),
        ("POST", "POST", False),
        ("OPTIONS", "OPTIONS", False),
        ("POST GET", "GET", True),
        ("PUT POST", "PUT", False),
        ("POST HEAD GET", "HEAD", True),
    ],
)
def test_a_try_sets_nothing_off_where_it_can(method: str | None, by: str, harmless: bool) -> None:
    path = replace(PATH, method=method)
    assert (path.try_method, path.can_be_tried, path.can_be_set_off) == (by, harmless, not harmless)
    elsewhere = replace(path, networks=("192.0.2.0/24",))
    assert (elsewhere.can_be_tried, elsewhere.can_be_set_off) == (False, False)


def test_how_it_is_written() -> None:
    assert PATH.url == "https://ha.example.com/api/webhook/abcdefgh"
    assert replace(PATH, query="a=b").url == "https://ha.example.com/api/webhook/abcdefgh?a=b"
    assert PATH.shown == "ha.example.com/api/webhook…gh"
    assert PATH.masked == "ha.example.com/api/webhook…"


def test_what_the_rule_says_of_it() -> None:
    path = replace(PATH, query="a=b", method="POST", networks=("192.0.2.0/24",), sent="/api/%77ebhook")
    assert path.as_exception == PathException(
        host="ha.example.com",
        path="/api/webhook/abcdefgh",
        sent="/api/%77ebhook",
        query="a=b",
        method="POST",
        networks=(ip_network("192.0.2.0/24"),),
        closes_at=int(NOW.timestamp()),
    )
