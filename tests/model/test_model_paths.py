"""How much of a path is shown: enough to tell two apart, and never half a password."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.knocks import Sort, program
from bot.model.paths import HIDDEN, masked, shortened

PATHS = st.text("abc/_-0123", min_size=1, max_size=90).map("/".__add__)


@given(PATHS)
def test_at_most_the_beginning_and_a_quarter_of_the_rest(path: str) -> None:
    shown = shortened(path)
    assert path.startswith(shown.partition(HIDDEN)[0])
    assert path.endswith(shown.rpartition(HIDDEN)[2])
    if len(path) > 12:
        assert len(shown.partition(HIDDEN)[0]) == 12
        assert len(shown.rpartition(HIDDEN)[2]) <= min(4, (len(path) - 12) // 4)
        assert masked(path) == path[:12] + HIDDEN
    else:
        assert shown == masked(path) == path


@given(PATHS)
def test_what_was_shortened_stays_as_it_is(path: str) -> None:
    assert shortened(shortened(path)) == shortened(path)


@given(st.text(max_size=90))
def test_nothing_that_somebody_knocks_at_is_shown_whole_for_being_odd(path: str) -> None:
    assert len(shortened(path)) <= 17


def test_the_bounds() -> None:
    webhook = "/api/webhook"
    assert shortened(webhook) == webhook
    assert shortened(webhook + "/") == "/api/webhook…"
    assert shortened(webhook + "/123456") == "/api/webhook…"
    assert shortened(webhook + "/1234567") == "/api/webhook…67"
    assert shortened(webhook + "/" + "0" * 60 + "cafe") == "/api/webhook…cafe"


def test_who_calls_themself_latchkey_is_told_so() -> None:
    assert program("Latchkey (checks the lock of this host)") is Sort.CLAIMS_LATCHKEY
