"""Whether two answers are of one service: what changes from request to request does not matter, what tells does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.proofs.page_similarity import Likeness, Page, likeness

HA, OTHER_NAME = "ha.example.com", "photos2.example.com"
WORDS = [f"word{number}" for number in range(60)]


def page(host: str = HA, status: int = 200, title: str = "Immich", words: list[str] = WORDS, **more: str) -> Page:
    body = f"<html><head><TITLE>{title}</TITLE></head><body>{' '.join(words)}</body></html>"
    return Page(host=host, status=status, body=more.pop("body", body), **more)


def both(one: Page, other: Page) -> Likeness:
    """Which way round does not matter."""
    found = {likeness(one, other), likeness(other, one)}
    assert len(found) == 1
    return found.pop()


TOKENS = st.text("0123456789abcdef", min_size=16, max_size=40)


@given(TOKENS, TOKENS, st.lists(st.sampled_from(WORDS), min_size=20, unique=True))
def test_a_page_with_another_token_and_its_own_name_in_it_is_the_same(one: str, two: str, words: list[str]) -> None:
    first = page(HA, words=[*words, one, f"https://{HA}/api", HA.upper()])
    second = page(OTHER_NAME, words=[*words, two, f"https://{OTHER_NAME}/api", OTHER_NAME.upper()])
    assert both(first, second) is Likeness.SAME


@given(st.text(min_size=1), st.text(min_size=1))
def test_another_title_is_another_service(one: str, two: str) -> None:
    first, second = page(title=f"A {one}"), page(title=f"B {two}")
    assert both(first, second) in {Likeness.OTHER, Likeness.CANNOT_TELL}
    assert both(page(title="Immich"), page(title="Jellyfin")) is Likeness.OTHER
    assert both(page(title="Immich"), page(title="")) is Likeness.OTHER


@pytest.mark.parametrize(("other_words", "likely"), [(14, Likeness.SAME), (15, Likeness.OTHER)])
def test_three_quarters_of_the_words(other_words: int, likely: Likeness) -> None:
    # 37 words, and 5 of the page around them: 42 of 56 are three quarters.
    common = ["common"] + [f"c{number}" for number in range(36)]
    changed = [*common, *(f"x{number}" for number in range(other_words))]
    assert both(page(words=common), page(words=changed)) is likely


@pytest.mark.parametrize(
    ("one", "other", "likely"),
    [
        (page(status=200), page(status=401), Likeness.OTHER),
        (page(status=404), page(status=404), Likeness.CANNOT_TELL),
        (page(status=403), page(status=403), Likeness.CANNOT_TELL),
        (page(status=503), page(status=503), Likeness.CANNOT_TELL),
        (page(status=204, body=""), page(status=204, body=""), Likeness.CANNOT_TELL),
        (page(body="OK"), page(body="OK"), Likeness.SAME),
        (page(body="OK"), page(body="OK then, somebody else"), Likeness.OTHER),
        (page(body=""), page(), Likeness.OTHER),
        (page(status=401, body="", realm='Basic realm="nas"'), page(status=401, body="", realm=""), Likeness.OTHER),
        (
            page(status=401, body="", realm='Basic realm="nas"'),
            page(status=401, body="", realm='Basic realm="nas"'),
            Likeness.SAME,
        ),
        (page(status=302, location="/login"), page(status=302, location="/web/"), Likeness.OTHER),
        (page(status=302, location="/login"), page(status=302, location="/login?from=x"), Likeness.CANNOT_TELL),
        (
            page(HA, 302, location=f"https://{HA}/login"),
            page(OTHER_NAME, 302, location=f"https://{OTHER_NAME}/login"),
            Likeness.CANNOT_TELL,
        ),
        # It sends one to the locked host: that is no way in.
        (
            page(HA, 302, location=f"https://{HA}/login"),
            page(OTHER_NAME, 302, location=f"https://{HA}/login"),
            Likeness.OTHER,
        ),
    ],
)
def test_by_status_and_where_it_leads(one: Page, other: Page, likely: Likeness) -> None:
    assert both(one, other) is likely


@pytest.mark.parametrize(
    ("location", "onwards"),
    [
        ("/login", "/login"),
        (f"https://{HA}/login?a=1", "/login?a=1"),
        ("https://auth.example.com/login", ""),
        ("//evil.example/login", ""),
        ("login", ""),
        ("", ""),
    ],
)
def test_where_it_sends_one_on_by_its_own_name(location: str, onwards: str) -> None:
    assert page(status=302, location=location).onwards == onwards
    assert page(status=200, location=location).onwards == ""


def test_sent_on_alike() -> None:
    here = page(HA, 302, location="/login?token=a")
    assert here.goes_on_like(page(OTHER_NAME, 302, location=f"https://{OTHER_NAME}/login?token=b"))
    assert not here.goes_on_like(page(OTHER_NAME, 302, location="/web/"))
    assert not page().goes_on_like(page())


def test_what_only_devices_see_is_in_no_log() -> None:
    assert "word1" not in repr(page())
