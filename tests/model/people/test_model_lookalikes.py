"""Names that could be mistaken for one another: each trick is seen, and no ordinary name is called one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.certificates.names import shown_name
from bot.model.people.lookalikes import lookalike
from tests.model.people.lookalike_names import ORDINARY, TRICKS

NAMES = st.sampled_from(("Ada", "Ben", "Benjamin", "Ada Lovelace", "Анна", "Μαρία", "王芳", "Jörg"))
UNSEEN = st.text(
    st.sampled_from("\u200b\u200c\u200d\u2060\u00ad\u202e\u202c\ufe0f\u3164\u2800\u0301\u0323"), max_size=3
)


def test_each_trick_is_seen_as_telegram_tells_it_and_as_it_is_shown() -> None:
    missed = [(name, known) for name, known in TRICKS if lookalike(name, [known]) != known]
    missed += [(name, known) for name, known in TRICKS if lookalike(shown_name(name), [shown_name(known)]) is None]
    assert not missed
    assert len(TRICKS) > 30


def test_no_ordinary_name_is_taken_for_another() -> None:
    called = [(name, known) for name, known in ORDINARY if lookalike(name, [known]) is not None]
    assert not called


def test_whoever_looks_like_somebody_is_looked_like_by_them() -> None:
    assert not [(a, b) for a, b in TRICKS if lookalike(b, [a]) != a]
    assert not [(a, b) for a, b in ORDINARY if lookalike(b, [a]) is not None]


def test_the_likest_is_named() -> None:
    assert lookalike("Аda", ["Ada Lovelace", "Ben", "Ada"]) == "Ada"
    assert lookalike("Ada Lovelase", ["Ada Lovelase Byron", "Ada Lovelace"]) == "Ada Lovelase Byron"
    assert lookalike("Ada", []) is None
    assert lookalike("", ["Ada"]) is None


def test_how_alike_decides_before_the_order() -> None:
    assert lookalike("ada", ["Ada", "ADA"]) == "Ada"
    assert lookalike("Melinda", ["Melonda", "Melinda Smith", "MELINDA"]) == "MELINDA"
    assert lookalike("Melinda", ["Melonda", "Melinda Smith"]) == "Melinda Smith"
    assert lookalike("Adda", ["Ada Smith", "Ada"]) == "Ada"


@pytest.mark.parametrize(
    ("name", "known", "alike"),
    [
        ("🦊", "🦊", True),
        ("🦊", "🐻", False),
        ("🦊", "Fox", False),
        ("4", "7", False),
        # One letter other, more or fewer, or two exchanged: one such word.
        ("Melind4", "Melonda", True),
        ("Melidna", "Melinda", True),
        ("Melonida", "Melinda", False),
        ("Medinora", "Menidora", False),
        ("Melxyda", "Melinda", False),
        ("Melinda Roberts", "Melonda Roberts", True),
        ("Melinda Roberts", "Melonda Ruberts", False),
        ("Sandrea", "Sandra", False),
        ("Gabriela", "Gabrielamaria", False),
        ("Gabrielamaria", "Gabriela", False),
        ("adminal", "Al", True),
        ("Admin A", "A", False),
        # Letter by letter, beside a word.
        ("M e l i n d a Smith", "Melinda", True),
        ("Smith M e l i n d a", "Melinda", True),
        ("Jo A n n a", "Anna", True),
        ("A Smith", "Smith", True),
        ("Annna Smith", "Anna", True),
        ("A\u3164da", "Ada", True),
        ("Mel\u2800inda Smith", "Melinda", True),
        ("ADAMs Smith", "Adams", True),
    ],
)
def test_one_beside_another(name: str, known: str, alike: bool) -> None:
    assert (lookalike(name, [known]) is not None) is alike


def test_from_which_length_words_are_compared_otherwise() -> None:
    """A name of one letter is in half of all names; a word of six is misspelt into another one."""
    assert lookalike("A Team", ["A"]) is None
    assert lookalike("Al Team", ["Al"]) == "Al"
    assert lookalike("Sanda", ["Sonda"]) is None
    assert lookalike("Sandra", ["Sondra"]) is None
    assert lookalike("Melinda", ["Melonda"]) == "Melonda"


@given(NAMES, st.data())
def test_what_cannot_be_seen_between_the_letters_hides_nothing(name: str, data: st.DataObject) -> None:
    disguised = "".join(data.draw(UNSEEN) + character for character in name) + data.draw(UNSEEN)
    assert lookalike(disguised, [name]) == name


@given(st.text(max_size=64), st.text(max_size=64))
def test_any_text_can_be_compared(one: str, other: str) -> None:
    assert lookalike(one, [other]) in {None, other}
    assert lookalike(one, [one]) == one
