import pytest

from sandbox.transcript.errors import CannotDoError
from sandbox.transcript.expectations import Expected, Kind, Mismatch, Rows, Seen, compare
from sandbox.transcript.patterns import filled, match, match_buttons


def expected(kind: Kind, text: str, *rows: tuple[str, ...], who: str = "Anna", line: int = 1) -> Expected:
    return Expected(line, who, kind, text, tuple(rows))


def seen(kind: Kind, text: str, *rows: tuple[str, ...], who: str = "Anna", optional: bool = False) -> Seen:
    return Seen(who, kind, text, tuple(rows), optional=optional)


@pytest.mark.parametrize(
    ("pattern", "text", "caught"),
    [
        ("a  b", "a\u00a0b", {}),
        ("a\nb", "a\n\n  b ", {}),
        ("a … z", "a b\nc z", {}),
        ("a\n…\nz", "a\nz", {}),
        ("a\n…\nz", "a\nb\nc\nz", {}),
        ("…\nz", "z", {}),
        ("…\nz", "a\nz", {}),
        ("a\n…", "a", {}),
        ("a\n…", "a\nb", {}),
        ("…", "", {}),
        ("…", "a\nb", {}),
        ("id {id}.", "id 4fk2.", {"id": "4fk2"}),
        ("run {line…}\nend", "run a b c\nend", {"line": "a b c"}),
        ("{a}-{a}", "x-x", {"a": "x"}),
        ('in {"a"}', 'in {"a"}', {}),
        ("1. (a|b)*", "1. (a|b)*", {}),
    ],
)
def test_patterns_that_match(pattern: str, text: str, caught: dict[str, str]) -> None:
    assert match(pattern, text, {}) == caught


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a b", "a\nb"),
        ("a", "a b"),
        ("a\n…\nz", "a z"),
        ("a\n…\nz", "a\nbz"),
        ("{a}", "x y"),
        ("{a}-{a}", "x-y"),
        ("run {line…}", "run a\nb"),
        ("", "a"),
        ("1.", "1x"),
    ],
)
def test_patterns_that_do_not_match(pattern: str, text: str) -> None:
    assert match(pattern, text, {}) is None


def test_what_was_caught_must_be_the_same_again() -> None:
    assert match("id {id}", "id 4.f", {"id": "4.f"}) == {"id": "4.f"}
    assert match("id {id}", "id 4xf", {"id": "4.f"}) is None


def test_filling_in() -> None:
    assert filled('{id} {line…} {"x"}', {"id": "4fk2", "line": "a b"}) == '4fk2 a b {"x"}'
    with pytest.raises(CannotDoError, match=r"nothing was caught as \{id\}"):
        filled("{id}", {})


@pytest.mark.parametrize(
    ("patterns", "texts", "good"),
    [
        (["A", "B"], ["A", "B"], True),
        (["A"], ["A", "B"], False),
        (["A", "B"], ["A"], False),
        (["B", "A"], ["A", "B"], False),
        (["…"], [], True),
        (["A", "…"], ["A", "B", "C"], True),
        (["…", "C"], ["A", "B", "C"], True),
        (["A …"], ["A 1"], True),
    ],
)
def test_buttons(patterns: list[str], texts: list[str], good: bool) -> None:
    assert (match_buttons(patterns, texts, {}) is not None) is good


@pytest.mark.parametrize(
    ("written", "shown", "good"),
    [
        ((("A", "B", "C"),), (("A", "B"), ("C",)), True),
        ((("A", "B"), ("C",)), (("A", "B"), ("C",)), True),
        ((("A",), ("B", "C")), (("A", "B"), ("C",)), False),
        ((("A", "B"), ("…",)), (("A", "B"), ("C",), ("D",)), True),
        ((("A", "B"), ("…",)), (("A",), ("B", "C")), False),
        ((("…",), ("D",)), (("A", "B"), ("C",), ("D",)), True),
        ((), (("A",),), False),
        ((("…",),), (), True),
    ],
)
def test_rows_count_when_written_as_rows(written: Rows, shown: Rows, good: bool) -> None:
    found = expected("new", "a", *written).matches(seen("new", "a", *shown), {})
    assert (found is not None) is good


def test_everything_in_order() -> None:
    caught = compare(
        [expected("new", "hi {id}"), expected("edit", "bye {id}")], [seen("new", "hi 4"), seen("edit", "bye 4")], {}
    )
    assert caught == {"id": "4"}
    with pytest.raises(Mismatch, match="instead of this line"):
        compare([expected("edit", "b"), expected("new", "a")], [seen("new", "a"), seen("edit", "b")], {})


def test_order_counts_for_each_phone_by_itself_and_notices_apart() -> None:
    told = [expected("new", "a"), expected("notice", "ok"), expected("new", "b", who="Tom")]
    came = [seen("new", "b", who="Tom"), seen("notice", "ok"), seen("new", "a")]
    assert compare(told, came, {}) == {}


def test_overtaken_edits_are_optional() -> None:
    came = [seen("new", "a"), seen("edit", "b", optional=True), seen("edit", "c")]
    assert compare([expected("new", "a"), expected("edit", "c")], came, {}) == {}
    assert compare([expected("new", "a"), expected("edit", "b"), expected("edit", "c")], came, {}) == {}
    assert compare([expected("new", "a"), expected("edit", "…")], came, {}) == {}
    with pytest.raises(Mismatch):
        compare([expected("new", "a"), expected("edit", "b")], came, {})


def test_what_is_gone_is_known_by_its_beginning() -> None:
    assert compare([expected("gone", "<file: a.p12>")], [seen("gone", "<file: a.p12>\n1. copy")], {}) == {}
    with pytest.raises(Mismatch):
        compare([expected("gone", "copy")], [seen("gone", "<file: a.p12>\n1. copy")], {})


def test_a_message_is_known_by_all_its_text() -> None:
    for kind in ("new", "edit"):
        with pytest.raises(Mismatch):
            compare([expected(kind, "a")], [seen(kind, "a\nb")], {})


def test_a_mismatch_shows_both_sides_as_transcripts_write_them() -> None:
    with pytest.raises(Mismatch) as wrong:
        compare(
            [expected("new", "a", line=7)], [seen("new", "a\nb", ("X", "Y"), ("Z",)), seen("notice", "well\nthen")], {}
        )
    assert wrong.value.line == 7
    assert str(wrong.value) == (
        "instead of this line came:\n  Anna< a\n    b\n    [X] [Y]\n    [Z]\n"
        "expected:\n  Anna< a\n"
        'came:\n  Anna< a\n    b\n    [X] [Y]\n    [Z]\n  ! Anna "well then"'
    )


def test_too_much_and_too_little() -> None:
    with pytest.raises(Mismatch, match="nobody expected:\n  Anna< b") as wrong:
        compare([expected("new", "a")], [seen("new", "a"), seen("new", "b")], {})
    assert wrong.value.line == 0
    with pytest.raises(Mismatch, match="this did not come:\n  Anna< b") as wrong:
        compare([expected("new", "a"), expected("new", "b", line=9)], [seen("new", "a")], {})
    assert wrong.value.line == 9
