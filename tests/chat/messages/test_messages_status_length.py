"""However much is wrong, /status fits into one message, and what is wrong goes before what is always so."""

from dataclasses import replace

from bot.chat.messages.message import lines
from bot.chat.messages.status import report
from tests.chat.notice_examples import HOSTILE, VOICE, certificate
from tests.chat.status_examples import well, worst

MOST = 4096


def test_what_is_always_so_is_said_as_long_as_there_is_room() -> None:
    assert lines(*report._to_know(well(HOSTILE), VOICE)) in report.report(well(HOSTILE), VOICE).html
    base, seen = worst(HOSTILE, certificate()), set()
    for count in range(1, 900):
        result = replace(base, lock=replace(base.lock, skips=("x" * count,)))
        html, always_so = report.report(result, VOICE).html, lines(*report._to_know(result, VOICE))
        is_said = always_so in html
        whole = report._length(html) if is_said else report._length(html) + 2 + report._length(always_so)
        assert is_said is (whole <= MOST), (count, whole)
        seen.add(is_said)
    assert seen == {True, False}
