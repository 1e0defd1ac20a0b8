"""What was sent is known by its content: whatever is written around it, and however it is encoded."""

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InvalidRequestFile, PrivateKeySent
from bot.pki.contents import Private, look_into
from bot.pki.requests import read_request
from tests.pki.key_corpus import not_private, private_keys, stores
from tests.pki.made_requests import ASKED, plain
from tests.pki.request_corpus import KEY, OTHER_NAME, STORE, TAKEN, corpus

BEFORE = st.sampled_from(
    ["", "Here it is:\n", "MIGHT this do? ", "MIGHT ", "```\n", "/newcert laptop csr\n", "MA\n", "0\n", "\ufeff"]
)
BEHIND = st.sampled_from(["", "\nthanks", "\n```", " ok?", "\x1a", "\n\nMIGHT be it"])
BREAKS = st.sampled_from(["\n", "\r\n", "\r", " ", "\u00a0\n", "\n\u200b", "\n> ", "\n\t", "\\n"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
DASHES = st.sampled_from(["-----", "——-", "–––––", "----"])


def answer(data: bytes) -> str:
    try:
        return TAKEN if read_request(data, ASKED).is_asked else OTHER_NAME
    except PrivateKeySent as sent:
        return {"key": KEY, "store": STORE}[sent.why]
    except InvalidRequestFile as refused:
        return refused.why


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_the_right_answer_to_everything_that_was_sent() -> None:
    cases = corpus()
    assert len(cases) >= 49
    assert len({case.what for case in cases}) == len(cases)
    wrong = [(case.what, case.answer, said) for case in cases if (said := answer(case.data)) != case.answer]
    assert not wrong


def test_no_alarm_for_what_is_no_secret() -> None:
    assert [name for name, data in not_private().items() if look_into(data).private is not None] == []


def lines(body: str, width: int) -> list[str]:
    return [body[at : at + width] for at in range(0, len(body), width)]


@st.composite
def written(draw: st.DrawFn, der: bytes, header: str) -> bytes:
    """Something in base64 as it may arrive in a chat; its header may be lost."""
    body = lines(base64.b64encode(der).decode(), draw(st.sampled_from([1, 20, 64, 76, 10_000])))
    dashes, between = draw(DASHES), draw(BREAKS)
    if draw(st.booleans()):
        body = [f"{dashes}BEGIN {header}{dashes}", *body, f"{dashes}END {header}{dashes}"]
    return (draw(BEFORE) + between.join(body) + draw(BEHIND)).encode(draw(ENCODINGS))


@settings(deadline=None)
@given(st.data())
def test_a_request_is_read_however_it_is_written(data: st.DataObject) -> None:
    der = base64.b64decode(b"".join(plain().split(b"\n")[1:-2]))
    header = data.draw(st.sampled_from(["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]))
    sent = data.draw(written(der, header))
    assert look_into(sent).requests == (der,)
    assert answer(sent) == TAKEN


@settings(deadline=None)
@given(st.data())
def test_a_private_key_is_seen_however_it_is_written(data: st.DataObject) -> None:
    """In base64 with and without its header, encoded once more, and as it is with anything behind it."""
    binary = {name: der for name, der in private_keys().items() if der[:1] == b"\x30"}
    binary |= {name: der for name, der in stores().items() if der[:2] == b"\x30\x82"}
    der = data.draw(st.sampled_from(sorted(binary.items())))[1]
    sent = data.draw(written(der, "PRIVATE KEY"))
    assert look_into(sent).private is not None
    assert look_into(der + data.draw(st.binary(max_size=20))).private is not None
    pem = b"-----BEGIN X-----\n" + base64.encodebytes(der) + b"-----END X-----\n"
    assert look_into(b"tls.key: " + base64.b64encode(pem)).private is not None


@settings(deadline=None)
@given(st.data())
def test_the_words_of_a_key_are_enough(data: st.DataObject) -> None:
    """Cut off, or in two messages: the first line or the last tells."""
    kind = data.draw(st.sampled_from(["", "RSA ", "EC ", "DSA ", "ENCRYPTED ", "OPENSSH ", "ANY "]))
    dashes, which = data.draw(DASHES), data.draw(st.sampled_from(["BEGIN", "END"]))
    text = f"{data.draw(BEFORE)}AAAA\n{dashes}{which} {kind}PRIVATE KEY{dashes}{data.draw(BEHIND)}"
    assert look_into(text.encode(data.draw(ENCODINGS))).private is Private.KEY


@settings(deadline=None)
@given(st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_anything_is_looked_into_without_harm(data: bytes) -> None:
    look_into(data)
    look_into(b"\x30" + data)
    look_into(b"M" + base64.b64encode(data))


def test_noise_is_no_key() -> None:
    """No alarm in a thousand files of noise, nor in as much of it in base64."""
    chance = random.Random(7)
    noise = [chance.randbytes(400) for _ in range(1000)]
    assert [one for one in noise if look_into(one).private or look_into(base64.b64encode(one)).private] == []


def test_what_only_calls_itself_a_request_is_one_that_cannot_be_read() -> None:
    found = look_into(b"-----BEGIN NEW CERTIFICATE REQUEST-----\nMIIB\n")
    assert found.is_request
    assert found.requests == ()
