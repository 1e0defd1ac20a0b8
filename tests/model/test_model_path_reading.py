"""What may be opened without a certificate: read strictly, so that what is opened is what was meant."""

from datetime import timedelta
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadHost, BadPath
from bot.model.path_reading import WantedPath, read_wanted_path
from bot.model.path_spellings import spellings
from sandbox.edge.normalization import normalised_path

ZONE, MOST = "example.com", timedelta(hours=24)
HOOK = "https://ha.example.com/api/webhook/abc"


def read(*words: str) -> WantedPath:
    return read_wanted_path(words, ZONE, MOST)


def why(*words: str) -> str:
    with pytest.raises(BadPath) as refused:
        read(*words)
    return refused.value.why


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
        ("http://ha.example.com/api", "scheme"),
        ("ha.example.com/api", "scheme"),
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
        ("https://ha.example.com/äpi", "characters"),
        ('https://ha.example.com/a"b', "characters"),
        ("https://ha.example.com/" + "x" * 1100, "long"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(address: str, reason: str) -> None:
    assert why(address) == reason


@pytest.mark.parametrize(
    "address", ["https://evil.example.net/api", "https://example.com/api", "https://*.example.com/a"]
)
def test_other_zones_the_apex_and_wildcards(address: str) -> None:
    with pytest.raises((BadHost, BadPath)):
        read(address)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "missing"),
        ((HOOK, "25h"), "duration"),
        ((HOOK, "0m"), "duration"),
        ((HOOK, "2h", "3h"), "twice"),
        ((HOOK, "2h", "always"), "twice"),
        ((HOOK, "0.0.0.0/0"), "network"),
        ((HOOK, "::/0"), "network"),
        ((HOOK, "192.0.2.1/24"), "network"),
        ((HOOK, "soon"), "word"),
        ((HOOK, *(f"192.0.2.{n}/32" for n in range(9))), "networks"),
    ],
)
def test_what_stands_behind_is_read_strictly(words: tuple[str, ...], reason: str) -> None:
    assert why(*words) == reason


@settings(deadline=None)
@given(st.text(alphabet="aA0./%25cC2fFeE\\*?#&=~-_ é\"'", max_size=30))
def test_what_is_taken_means_the_same_to_whoever_decodes_it(text: str) -> None:
    """Decoded once or twice, by a service that merges slashes or not, it stays below the same path."""
    try:
        wanted = read("https://ha.example.com/" + text)
    except (BadPath, BadHost):
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
