"""What may be opened without a certificate: read as people write it, and so that what is opened is what was meant."""

import json
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InvalidHost, InvalidPath, UnclearTime
from bot.model.openings.input import MAX_NETWORKS, METHODS, WantedPath, lasting_path, read_wanted_path
from bot.model.protection.path_spellings import spellings
from sandbox.edge.normalization import normalised_path

ZONE, MOST = "example.com", timedelta(days=30)
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=ZoneInfo("Europe/Madrid"))
ADDRESSES = json.loads((Path(__file__).parent / "addresses.json").read_text(encoding="utf-8"))
"""Addresses as they are posted in public and as people write, each with what it means, or what is asked."""

HOOK = "https://ha.example.com/api/webhook/abc"


def read(*words: str, most: timedelta = MOST) -> WantedPath:
    return read_wanted_path(words, ZONE, most, NOW)


def why(*words: str) -> str:
    with pytest.raises((InvalidPath, UnclearTime, InvalidHost)) as refused:
        read(*words)
    error = refused.value
    assert isinstance(error, InvalidPath | UnclearTime | InvalidHost)
    return f"host-{error.why}" if isinstance(error, InvalidHost) else error.why


def meant(text: str) -> dict[str, Any]:
    """What a text means, in the words of the corpus."""
    wanted = read(*text.split())
    told: dict[str, Any] = {"host": wanted.host, "path": wanted.path}
    told |= {} if wanted.query is None else {"query": wanted.query}
    told |= {"method": wanted.method} if wanted.method else {}
    told |= {"networks": len(wanted.networks)} if wanted.networks else {}
    told |= {"reason": wanted.reason} if wanted.reason else {}
    told |= {"minutes": "always" if wanted.lasting else wanted.lasts // timedelta(minutes=1)}
    return told | ({"ignored_query": True} if wanted.ignored_query else {})


def test_each_address_of_the_corpus() -> None:
    wrong = []
    for one in ADDRESSES:
        answer = {"opens": meant(one["text"])} if "opens" in one else {"asks": why(*one["text"].split())}
        if answer.items() - one.items() if "asks" in answer else answer["opens"] != one["opens"]:
            wrong.append((one, answer))
    assert wrong == []


def test_an_address_alone_is_open_for_an_hour() -> None:
    wanted = read(HOOK)
    assert (wanted.host, wanted.path, wanted.lasts) == ("ha.example.com", "/api/webhook/abc", timedelta(hours=1))
    assert (wanted.method, wanted.networks, wanted.query, wanted.lasting) == (None, (), None, False)


def test_everything_behind_it() -> None:
    wanted = read(HOOK + "?a=1", "2h", "post", "192.0.2.0/24", "2001:db8::/32", "exact", "for", "the", "door", "bell")
    assert wanted.lasts == timedelta(hours=2)
    assert wanted.method == "POST"
    assert wanted.networks == ("192.0.2.0/24", "2001:db8::/32")
    assert wanted.query == "a=1"
    assert wanted.reason == "the door bell"


def test_a_query_does_not_matter_unless_said() -> None:
    assert read(HOOK + "?a=1").query is None
    assert read(HOOK + "?a=1").ignored_query


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("gopher://ha.example.com/api", "scheme"),
        ("/api/webhook/abc", "scheme"),
        ("webhook", "scheme"),
        ("https://ha.example.com", "root"),
        ("https://ha.example.com/", "root"),
        ("https://ha.example.com///", "root"),
        ("https://ha.example.com?x=/api", "root"),
        ("https://u@ha.example.com/api", "user"),
        ("https://ha.example.com:8443/api", "port"),
        ("https://[::1]/api", "port"),
        ("https://ha.example.com/api#x", "fragment"),
        ("https://ha.example.com/api//x", "slashes"),
        ("https://ha.example.com/api\\x", "slashes"),
        ("https://ha.example.com/api/../x", "dots"),
        ("https://ha.example.com/./api", "dots"),
        ("https://ha.example.com/api/%2e%2e/x", "encoded"),
        ("https://ha.example.com/api%2fx", "encoded"),
        ("https://ha.example.com/api%5cx", "encoded"),
        ("https://ha.example.com/api%00", "encoded"),
        ("https://ha.example.com/api%252fx", "encoded"),
        ("https://ha.example.com/api/*", "wildcard"),
        ("https://ha.example.com/a\u2026pi", "characters"),
        ("https://ha.example.com/a\uff0fpi", "characters"),
        ("https://ha.example.com/a\u2488", "characters"),
        ("https://ha.example.com/a\u200bb", "characters"),
        ("https://hä.example.com/api", "characters"),
        ('https://ha.example.com/a"b', "characters"),
        ("https://ha.example.com/" + "x" * 1024, "long"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(address: str, reason: str) -> None:
    assert why(address) == reason


@pytest.mark.parametrize(
    "address", ["https://evil.example.net/api", "https://example.com/api", "https://*.example.com/a"]
)
def test_other_zones_the_apex_and_wildcards(address: str) -> None:
    with pytest.raises((InvalidHost, InvalidPath)):
        read(address)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "missing"),
        ((HOOK, "721h"), "duration"),
        ((HOOK, "31d"), "duration"),
        ((HOOK, "0m"), "duration"),
        ((HOOK, "0.5 min"), "duration"),
        ((HOOK, "until", "31", "Dec"), "duration"),
        ((HOOK, "until", "29", "Nov", "2026"), "past"),
        ((HOOK, "30j"), "several"),
        ((HOOK, "90dayz"), "unreadable"),
        ((HOOK, "90", "dayz"), "unreadable"),
        ((HOOK, "2h", "3h"), "twice"),
        ((HOOK, "2h", "always"), "twice"),
        ((HOOK, "0.0.0.0/0"), "network"),
        ((HOOK, "::/0"), "network"),
        ((HOOK, "192.0.2.1/24"), "inside-network"),
        ((HOOK, "2001:db8::1/32"), "inside-network"),
        ((HOOK, "AS16509"), "asn"),
        ((HOOK, "18:00"), "network"),
        ((HOOK, "soon"), "word"),
        ((HOOK, *(f"192.0.2.{n}" for n in range(MAX_NETWORKS + 1))), "networks"),
    ],
)
def test_what_stands_behind_is_read_strictly(words: tuple[str, ...], reason: str) -> None:
    assert why(*words) == reason


def test_the_bounds_of_time() -> None:
    assert read(HOOK, "1m").lasts == timedelta(minutes=1)
    assert read(HOOK, "720h").lasts == read(HOOK, "30", "days").lasts == read(HOOK, "1", "month").lasts == MOST
    assert read(HOOK, "2h", most=timedelta(hours=2)).lasts == timedelta(hours=2)
    assert read(HOOK, most=timedelta(minutes=30)).lasts == timedelta(minutes=30)
    assert read(HOOK, "until", "today").lasts == timedelta(hours=13, minutes=59, seconds=59)
    with pytest.raises(InvalidPath) as refused:
        read(HOOK, "121m", most=timedelta(hours=2))
    assert (refused.value.why, refused.value.what) == ("duration", "2")


def test_so_many_networks() -> None:
    networks = [f"192.0.2.{n}" for n in range(MAX_NETWORKS)]
    assert len(read(HOOK, *networks).networks) == MAX_NETWORKS


def test_a_path_of_1024_characters() -> None:
    assert len(read("https://ha.example.com/" + "x" * 1023).path) == 1024


@given(st.lists(st.sampled_from(METHODS), max_size=9), st.sampled_from([" ", ",", "/", ", ", " and ", "|"]))
def test_methods_in_any_order(methods: list[str], between: str) -> None:
    wanted = read(HOOK, *between.join(methods).split())
    told = [one for one in METHODS if one in methods]
    assert (wanted.method or "").split() == ([] if len(told) == len(METHODS) else told)


@given(st.text(st.characters(categories=["Ll", "Lu", "Lo", "Mn", "Nd"]), min_size=1, max_size=8))
def test_letters_of_any_script_are_opened_as_they_are_sent(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    try:
        path = read("https://ha.example.com/hook/" + text).path
    except InvalidPath:
        assert unicodedata.normalize("NFKC", composed) != composed
        return
    assert path == "/hook/" + quote(composed, safe="")


@pytest.mark.parametrize(
    "around", ["{}", "<{}>", "({})", '"{}"', "“{}”", "«{}»", "`{}`", "{},", "{}.", "{});", "'{}'!", "<{}>,"]
)
def test_what_stands_around_an_address(around: str) -> None:
    for address in (HOOK, "ha.example.com/api/webhook/abc", "http://ha.example.com/api/webhook/abc"):
        assert read(around.format(address)) == read(HOOK)


def test_what_was_open_before_is_taken_just_so() -> None:
    assert lasting_path("ha.example.com", "/api/webhook/abc", "POST", ZONE).path == "/api/webhook/abc"
    for path in ("/api/webhook/%61bc", "/api/haustür", "/api/webhook/abc,?x=1", "/", "/a//b", "/a/../b", "/api/*"):
        with pytest.raises(InvalidPath):
            lasting_path("ha.example.com", path, None, ZONE)


@settings(deadline=None)
@given(st.text(alphabet="aA0./%25cC2fFeE\\*?#&=~-_ é\"'", max_size=30))
def test_what_is_taken_means_the_same_to_whoever_decodes_it(text: str) -> None:
    """Decoded once or twice, by a service that merges slashes or not, it stays below the same path."""
    try:
        wanted = read("https://ha.example.com/" + text)
    except (InvalidPath, InvalidHost):
        return
    decoded = unquote(wanted.path)
    assert unquote(decoded).count("/") == wanted.path.count("/")
    assert "//" not in decoded
    assert "\\" not in unquote(decoded)
    assert not {".", ".."} & set(unquote(decoded).split("/"))
    assert wanted.path.isascii()
    for spelled in spellings(wanted.path, wanted.sent):
        assert normalised_path(spelled) == wanted.path
        assert unquote(spelled) == decoded
        # As our own library, which tries the path, and the stand-in's server read it.
        assert spelled != wanted.path or httpx.URL(f"https://ha.example.com{spelled}").raw_path.decode() == spelled


@pytest.mark.parametrize(
    ("typed", "path", "sent"),
    [
        ("/api/webhook/abc", "/api/webhook/abc", None),
        ("/hook/a%2db", "/hook/a-b", "/hook/a%2db"),
        ("/caf%C3%A9", "/caf%C3%A9", None),
        ("/caf%c3%a9", "/caf%C3%A9", None),
        ("/caf%c3%A9", "/caf%C3%A9", "/caf%c3%A9"),
        ("/~anna", "/~anna", None),
        ("/%7Eanna", "/~anna", None),
        ("/%7eanna", "/~anna", "/%7eanna"),
    ],
)
def test_how_it_was_written_is_kept_where_nobody_would_guess_it(typed: str, path: str, sent: str | None) -> None:
    wanted = read(f"https://ha.example.com{typed}?any=query")
    assert (wanted.path, wanted.sent) == (path, sent)


@pytest.mark.parametrize("count", [1023, 1024])
def test_what_was_written_is_no_longer_than_may_be_kept(count: int) -> None:
    address = "https://ha.example.com/" + ("%61" * 400)[: count - 1 - (count - 1) % 3] + "a" * ((count - 1) % 3)
    assert len(read(address).sent or "") == count


def test_one_character_more_is_too_long() -> None:
    assert why("https://ha.example.com/" + "%61" * 341 + "a") == "long"
