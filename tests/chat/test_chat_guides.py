"""Each guide as its file has it: readable by the bot, small enough for a screen, in plain words, with its sources."""

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from bot.chat.callback_data import decode
from bot.chat.guides import shelf
from bot.chat.guides.reading import ForWhom, Guide, read
from bot.chat.guides.shelf import COMPLETE, OF_KIND, ORDER, guides
from bot.chat.messages import guides as words
from bot.chat.outbound.keyboard import keyboard
from bot.model.certificates.certificates import DeviceKind
from bot.model.people.requests import InstallTarget
from sandbox.telegram.formatting import formatted
from tests.chat.notice_examples import VIEWER, VOICE

FOLDER = Path(str(files(shelf.__package__) / COMPLETE))
ALL = list(guides(COMPLETE).values())
MEMBER = replace(VOICE, member=True)
# What a relative does not say. What stands on a screen is in italics, a button
# of the bot in bold, what they type is code: these are as they are.
JARGON = re.compile(
    r"certificate|passphrase|PKCS|\.p12|mTLS|\bTLS\b|\bCSR\b|\bCA\b|revoke|the edge|zone\b|\bWAF\b|\borigin\b"
    r"|keystore|import",
    re.IGNORECASE,
)
LONGEST = 900
"""Characters of a screen: what a phone shows without scrolling."""

HEAD = "---\ntitle: A\nfor: app\nversions: 1\nchecked: 2026-11\nsource: here\n---\n"


def test_each_file_is_offered_and_each_offer_has_its_file() -> None:
    assert sorted(ORDER) == sorted(file.stem for file in FOLDER.glob("*.md"))
    assert set(OF_KIND) == set(DeviceKind)


@pytest.mark.parametrize("guide", ALL, ids=lambda guide: guide.slug)
def test_each_screen_can_be_shown(guide: Guide) -> None:
    assert guide.versions
    assert guide.sources
    for at in range(1, len(guide.screens) + 1):
        for voice in (VOICE, MEMBER):
            message = words.screen(guide, at, VIEWER, voice)
            text = formatted(str(message.html), "HTML").text
            assert len(text) <= LONGEST, (guide.slug, at)
            assert not re.search(r"[{}]", text)
            assert keyboard(message.rows) is not None


@pytest.mark.parametrize(
    "guide", [guide for guide in ALL if guide.for_whom is not ForWhom.ADMIN], ids=lambda guide: guide.slug
)
def test_relatives_read_plain_words(guide: Guide) -> None:
    for screen in guide.screens:
        said = re.sub(r"<(i|b|code)>.*?</\1>", "", f"{screen.heading} {screen.body}")
        assert not JARGON.findall(said), (guide.slug, screen.heading)


@pytest.mark.parametrize("guide", ALL, ids=lambda guide: guide.slug)
def test_the_last_screens_tell_how_to_remove_it(guide: Guide) -> None:
    without = {"ntfy", "other-apps", "renewal", "way-around", "limits"}
    assert (guide.screens[-1].heading == "Take it off again") is (guide.slug not in without)


@pytest.mark.parametrize("kind", DeviceKind)
@pytest.mark.parametrize("via", [None, *InstallTarget])
def test_the_way_to_a_key_has_its_three_steps(kind: DeviceKind, via: InstallTarget | None) -> None:
    assert words.steps(kind, VOICE).count("\n") == 2
    assert words.in_short(kind, via, VOICE).startswith("1. ")


def test_next_and_back_lead_through_all_screens() -> None:
    guide = guides(COMPLETE)["android"]
    for at in range(1, len(guide.screens) + 1):
        presses = [b.callback for b in words.screen(guide, at, VIEWER, VOICE).rows[0]]
        numbers = [int(press.arg.rpartition("-")[2]) for press in presses if press is not None]
        assert numbers == [n for n in (at - 1, at + 1) if 1 <= n <= len(guide.screens)]
    assert words.screen(guide, 10**9, VIEWER, VOICE) == words.screen(guide, len(guide.screens), VIEWER, VOICE)
    assert "(1 of" in words.screen(guide, -5, VIEWER, VOICE).html


def test_a_language_without_guides_has_the_english_ones() -> None:
    for language in ("fi", "pt-br", "", "..", "en"):
        assert guides(language) == guides(COMPLETE)


def test_members_are_offered_nothing_of_the_admins() -> None:
    member = replace(VIEWER, role=type(VIEWER.role).MEMBER)
    offered = {b.callback.arg.rpartition("-")[0] for row in words.choice(member, VOICE).rows for b in row if b.callback}
    assert offered == {guide.slug for guide in ALL if guide.for_whom is not ForWhom.ADMIN}
    markup = keyboard(words.choice(VIEWER, VOICE).rows)
    assert markup is not None
    assert len(markup.inline_keyboard) <= 9
    assert all(decode(str(b.callback_data)) for row in markup.inline_keyboard for b in row)


def test_what_is_read() -> None:
    text = (
        HEAD
        + "\n## One\n\nTap **Go** & `a <b>` or *OK*.\n\n## Two {#two}\n\n1. First\n   goes on.\n2. Then.\n\nMore.\n"
    )
    guide = read("a", text)
    assert guide.screens[0].body == "Tap <b>Go</b> &amp; <code>a &lt;b&gt;</code> or <i>OK</i>."
    assert guide.named("two").steps == "1. First goes on.\n2. Then."
    assert guide.named("two").rest == "More."
    with pytest.raises(KeyError):
        guide.named("three")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("## One\n\nText.", "a.md:1"),
        (HEAD.replace("checked: 2026-11\n", "") + "## One\n\nText.", "lacks checked"),
        (HEAD.replace("2026-11", "2026-13") + "## One\n\nText.", "a.md:1"),
        (HEAD.replace("for: app", "for: cats") + "## One\n\nText.", "a.md:1"),
        (HEAD.replace("title: A", "title: A\ntitle: B") + "## One\n\nText.", "a.md:3"),
        (HEAD.replace("title: A", "titel: A") + "## One\n\nText.", "a.md:2"),
        (HEAD, "no screen"),
        (HEAD + "Text.\n\n## One\n\nText.", "before the first"),
        (HEAD + "## One\n\n## Two\n\nText.", "a.md:9: a screen without text"),
        (HEAD + "## One {#x}\n\nText.\n\n## Two {#x}\n\nText.", "two of one name"),
        (HEAD + "## {#x}\n\nText.", "a.md:8: not a heading"),
        (HEAD + "### One\n\nText.", "before the first"),
        (HEAD + "## One\n\nA [link](https://example.com).", "a.md:10: more Markdown"),
        (HEAD + "## One\n\n<b>bold</b>", "a.md:10: more Markdown"),
        (HEAD + "## One\n\n- a point", "a.md:10: more Markdown"),
        (HEAD + "## One\n\nNot **closed.", "a.md:10: a mark"),
        (HEAD + "## One\n\n1. One.\n3. Three.", "a.md:11: step 2 is missing"),
        (HEAD + "## One\n\n1. One.\nnot indented", "a.md:11: neither"),
        (HEAD + "## One\n\nText\n1. One.", "a.md:11: steps stand apart"),
    ],
)
def test_what_is_refused_says_where(text: str, place: str) -> None:
    with pytest.raises(ValueError, match=re.escape(place)):
        read("a", text)
