"""Which names can be protected, and how far a host is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import InvalidHost
from bot.model.protection.hosts import HOST_MOVES, HostState, ProtectedHost, ZoneNames, host_below, hosts_on_offer


@pytest.mark.parametrize("text", ["ha.example.com", " HA.Example.com. ", "a_b-1.example.com"])
def test_names_below_the_zone(text: str) -> None:
    assert host_below(text, "example.com") == text.strip().lower().removesuffix(".")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("example.com", "apex"),
        ("EXAMPLE.com.", "apex"),
        ("*.example.com", "wildcard"),
        ("a.b.example.com", "deep"),
        ("ha.example.org", "elsewhere"),
        ("notexample.com", "elsewhere"),
        ("ha", "form"),
        ("", "form"),
        ("ha..example.com", "form"),
        ("-ha.example.com", "form"),
        ("ha.example.com:8443", "form"),
        ("https://ha.example.com", "form"),
        ('ha".example.com', "form"),
        ("hä.example.com", "form"),
        ("x" * 64 + ".example.com", "form"),
        ("user@ha.example.com", "form"),
    ],
)
def test_names_that_cannot_be(text: str, why: str) -> None:
    with pytest.raises(InvalidHost) as refused:
        host_below(text, "example.com")
    assert refused.value.why == why


LONGEST_ZONE = ".".join(["y" * 63, "y" * 63, "y" * 59, "com"])


def test_a_label_has_sixty_three_characters_at_most() -> None:
    assert host_below("x" * 63 + ".example.com", "example.com") == "x" * 63 + ".example.com"
    assert host_below("x.example.com", "example.com") == "x.example.com"


def test_a_name_has_253_characters_at_most() -> None:
    longest = "x" * (252 - len(LONGEST_ZONE)) + f".{LONGEST_ZONE}"
    assert len(longest) == 253
    assert host_below(longest, LONGEST_ZONE) == longest
    with pytest.raises(InvalidHost) as refused:
        host_below(f"x{longest}", LONGEST_ZONE)
    assert refused.value.why == "form"


def test_deeper_names_have_a_certificate_where_the_zone_is_served_elsewhere() -> None:
    assert host_below("a.b.example.com", "example.com", ZoneNames(full=False)) == "a.b.example.com"


@pytest.mark.parametrize(
    ("proxied", "taken"),
    [
        (None, True),
        ((), False),
        (("ha.example.com",), True),
        (("*.example.com",), True),
        (("*.example.org", "example.com", "b.example.com"), False),
    ],
)
def test_only_what_goes_through_cloudflare(proxied: tuple[str, ...] | None, taken: bool) -> None:
    names = ZoneNames(proxied=proxied)
    assert names.passes_through("ha.example.com") is taken
    if taken:
        assert host_below("ha.example.com", "example.com", names) == "ha.example.com"
        return
    with pytest.raises(InvalidHost) as refused:
        host_below("ha.example.com", "example.com", names)
    assert (refused.value.why, refused.value.host) == ("unproxied", "ha.example.com")


def test_what_is_offered_can_be_protected() -> None:
    proxied = ("example.com", "ha.example.com", "*.example.com", "a.b.example.com", "photos.example.com")
    assert hosts_on_offer(ZoneNames(proxied=proxied), "example.com") == ("ha.example.com", "photos.example.com")
    assert hosts_on_offer(ZoneNames(), "example.com") == ()
    assert not ZoneNames().cut


def test_the_states_of_a_host_and_the_moves_between_them() -> None:
    associating, protected, leaving = HostState.ASSOCIATING, HostState.PROTECTED, HostState.LEAVING
    assert {before: set(moves) for before, moves in HOST_MOVES.items()} == {
        associating: {protected, leaving},
        protected: {leaving},
        # Somebody protects it again before it has left.
        leaving: {associating},
    }


def test_it_is_awaited_until_it_is_seen_or_unlocked_on_purpose() -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    host = ProtectedHost(
        id=1,
        host="ha.example.com",
        state=HostState.ASSOCIATING,
        asked_by=None,
        asked_at=now,
        protected_at=None,
        shown_at=(),
    )
    assert host.is_awaited
    assert not host.stays_associated
    assert not replace(host, seen_at=now).is_awaited
    assert not replace(host, unlocked_at=now).is_awaited
