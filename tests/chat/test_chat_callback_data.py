"""The callback codec: what we make comes back; whatever else comes is refused, never raised."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.callback_data import CallbackAction, CallbackData, Unreadable, decode, encode

ids = st.from_regex(r"[0-9a-z]{8}", fullmatch=True)
args = st.from_regex(r"[A-Za-z0-9-]{0,20}", fullmatch=True)


@given(st.sampled_from(CallbackAction), ids | st.just(""), args)
def test_what_is_made_comes_back(verb: CallbackAction, subject: str, arg: str) -> None:
    press = CallbackData(verb, subject, arg)
    data = encode(press)
    assert len(data.encode()) <= 64
    assert decode(data) == press


@given(st.text())
@example("1:rev:abcdefgh")
@example("2:rev:abcdefgh:")
@example("1:rev:ABCDEFGH:")
@example("1:rev:abcdefgh:ä")
@example("1:rev:abcdefgh:" + "a" * 60)
@example("1:nothing:abcdefgh:")
@example("\ud800")
def test_decode_never_raises(data: str) -> None:
    read = decode(data)
    assert isinstance(read, Unreadable) or encode(read) == data


def test_what_would_not_come_back_is_not_made() -> None:
    with pytest.raises(ValueError, match="cannot be read again"):
        encode(CallbackData(CallbackAction.PAGE, arg="a:b"))
