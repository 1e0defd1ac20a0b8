"""What is said about keys that stay on their computer: the lines to run, and why a request is not taken."""

import re
from dataclasses import replace

import pytest

from bot import errors
from bot.chat.messages.certificates import own_keys
from bot.chat.messages.refusals import fits_a_popup, refusal
from bot.model.certificates.own_keys import NO_NAME, Place, RequestLines, RequestSays
from bot.model.results import RequestAsked
from bot.pki import request_lines
from bot.pki.requests import SubjectName
from sandbox.telegram.formatting import formatted
from tests.chat.messages.test_messages_words import check
from tests.chat.notice_examples import HOSTILE, SOON, VOICE, certificate

LONGEST = SubjectName("n" * 48, "o" * 48, "Latchkey abcdefgh")
NAME = request_lines.named_parts(LONGEST)
STEM = "n" * 48
LINES = {
    Place.UNIX: (request_lines.openssl(LONGEST, STEM),),
    Place.WINDOWS: (request_lines.powershell(LONGEST, STEM), request_lines.git_bash(LONGEST, STEM)),
    Place.TOOL: (
        *request_lines.keytool(LONGEST, STEM),
        *request_lines.certtool(LONGEST, STEM),
        request_lines.step(LONGEST, STEM),
    ),
}


@pytest.mark.parametrize("renews", [None, 7])
def test_all_can_be_shown(renews: int | None) -> None:
    asked = replace(certificate(), replaces=renews)
    check(own_keys.request_asked(RequestAsked(asked, SOON), VOICE))
    for place, lines in LINES.items():
        message = own_keys.request_lines(RequestLines(asked, place, NAME, lines, SOON), VOICE)
        check(message)
        text = formatted(str(message.html), "HTML").text
        assert all(line in text for line in lines)
        assert ("beside the old ones" in text) == (renews is not None)


@pytest.mark.parametrize(("letters", "copied"), [(1, True), (256, True), (257, False)])
def test_a_line_is_copied_by_a_button_as_long_as_telegram_can(letters: int, copied: bool) -> None:
    for place, lines in ((Place.UNIX, ("x" * letters,)), (Place.WINDOWS, ("y", "x" * letters))):
        message = own_keys.request_lines(RequestLines(certificate(), place, NAME, lines, SOON), VOICE)
        assert [b.copy for row in message.rows for b in row if b.copy] == (["x" * letters] if copied else [])


def test_what_a_request_says_stays_text() -> None:
    shown = own_keys.beside(RequestSays(HOSTILE), VOICE)
    assert shown is not None
    assert HOSTILE in formatted(str(shown), "HTML").text
    assert not own_keys.beside(RequestSays(by_windows=True), VOICE)
    assert "no name" in str(own_keys.calls_itself(NO_NAME, VOICE))


def whys(kind: type[errors.LatchkeyError]) -> list[str]:
    """The reasons that its docstring names."""
    return re.findall(r"``([a-z]+)``", (kind.__doc__ or "").partition("``why``")[2])


@pytest.mark.parametrize("kind", [errors.InvalidRequestFile, errors.PrivateKeySent])
def test_every_reason_has_its_sentence(kind: type[errors.InvalidRequestFile | errors.PrivateKeySent]) -> None:
    assert whys(kind)
    said = [refusal(kind(why), voice) for why in whys(kind) for voice in (VOICE, replace(VOICE, member=True))]
    for message in said:
        check(message)
        assert fits_a_popup(message), message.html
    assert len({message.html for message in said}) >= len(whys(kind))
