"""Rules made by hand, in full: as many messages as it takes, each within Telegram's limit, nothing of it masked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.messages.message import Message
from bot.chat.messages.protection import foreign_rules, hosts, takeover
from bot.model.protection.host_results import BesideHandMade, ConfirmHosts, HostChoice, SureAboutTakeOver
from bot.model.protection.takeover import HandMade, HandMadePath, HandMadeRule, KeptLock, Shut
from sandbox.telegram.formatting import formatted
from tests.chat.notice_examples import HOSTILE, VOICE

HA = ("ha.example.com",)
LONG = HandMadeRule("r1", 'http.host in {"<b>&amp;"} and ' * 130, HOSTILE)
ADDRESSES = tuple(f"ha.example.com/api/webhook/{number:04}<&>" for number in range(150))


def plain(message: Message) -> list[str]:
    """The texts as a phone shows them."""
    return [formatted(str(html), "HTML").text for html in (*message.before, message.html)]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(
    ("message", "addresses"),
    [
        (
            takeover.sure(
                SureAboutTakeOver(
                    "abcd1234",
                    HandMade(
                        hosts=HA,
                        paths=(HandMadePath("ha.example.com", HOSTILE),),
                        shut=Shut(ADDRESSES, (LONG,)),
                        kept=(KeptLock(LONG, ("example.com",)),),
                        unread=(LONG, LONG),
                    ),
                ),
                VOICE,
            ),
            ADDRESSES,
        ),
        (
            hosts.sure_to_protect(ConfirmHosts("abcd1234", HA, True, BesideHandMade(Shut(ADDRESSES, (LONG,)))), VOICE),
            ADDRESSES,
        ),
        (hosts.choice(HostChoice("example.com", HA, (), told=True, unread=(LONG,)), VOICE), ()),
    ],
)
def test_all_of_it_is_there(message: Message, addresses: tuple[str, ...]) -> None:
    texts = plain(message)
    assert all(0 < len(text) <= 4096 for text in texts)
    together = squeezed("".join(texts))
    assert squeezed(LONG.text) in together
    assert all(squeezed(one) in together for one in addresses)
    assert message.rows


@given(st.lists(st.text('ab<&"é😀', min_size=1, max_size=6000), min_size=1, max_size=4))
def test_whatever_is_named_is_named_in_full(texts: list[str]) -> None:
    found = foreign_rules.packed(foreign_rules.shut(Shut(tuple(texts)), VOICE))
    shown = [formatted(str(html), "HTML").text for html in found]
    assert all(len(text.encode("utf-16-le")) // 2 <= 4096 for text in shown)
    together = squeezed("".join(shown))
    assert all(text in together for text in texts)
