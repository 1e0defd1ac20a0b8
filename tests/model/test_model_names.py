"""Device names and the ASCII that certificates and files get of them."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import BadName
from bot.model.names import ascii_slug, common_name, device_name, file_stem, name_key

LETTERS = st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd"]), min_size=1, max_size=16)


@pytest.mark.parametrize(
    "name", ["pixel8", "Telefon von Jörg", "телефон", "手机", "هاتف", "टैबलेट", "phone_2.work-a", "七", "9"]
)
def test_a_name_in_any_script_is_kept_as_written(name: str) -> None:
    assert device_name(name).shown == name


def test_blanks_are_made_single() -> None:
    assert device_name("  my \t phone\n").shown == "my phone"


def test_composed_and_decomposed_names_are_the_same() -> None:
    composed, decomposed = device_name("Jörg"), device_name(unicodedata.normalize("NFD", "Jörg"))
    assert composed == decomposed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pixel8", "pixel8"),
        ("STRASSE", "straße"),
        ("pixel8", "ｐｉｘｅｌ８"),
        ("ﬁle", "FILE"),
        ("Ⅷ", "viii"),
        ("Σ", "ς"),
    ],
)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert device_name(one).key == device_name(other).key


def test_names_that_differ_have_keys_that_differ() -> None:
    assert len({device_name(name).key for name in ("pixel8", "pixel 8", "pixel-8", "pixel9")}) == 4


@pytest.mark.parametrize(("text", "why"), [("", "empty"), (" \n\t ", "empty"), ("x" * 33, "long"), ("é" * 33, "long")])
def test_no_name_and_too_much_of_one_are_refused(text: str, why: str) -> None:
    with pytest.raises(BadName) as refused:
        device_name(text)
    assert refused.value.why == why


def test_thirty_two_characters_are_allowed_whatever_their_bytes() -> None:
    assert device_name("手" * 32).shown == "手" * 32
    assert device_name("e\u0301" * 32).shown == "é" * 32


@pytest.mark.parametrize(
    "text",
    [
        "📱", "📱📱", "my📱", "a/b", "a\\b", 'a"b', "a'b", "a<b", "a&b", "a;b", "a$b", "a`b", "a=b", "a,b", "a@b",
        "a\u202eb", "a\u2066b", "a\u200eb", "a\u200bb", "a\u200db", "\ufeffa", "a\x00b", "a\x1bb", "a\x7fb", "a\ue000b",
        "-", "..", " _ ", "\u0301",
    ],
)  # fmt: skip
def test_other_characters_are_refused(text: str) -> None:
    with pytest.raises(BadName) as refused:
        device_name(text)
    assert refused.value.why == "characters"


@given(st.text(max_size=40))
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        name = device_name(text)
    except BadName:
        return
    assert 1 <= len(name.shown) <= 32
    assert not {unicodedata.category(character) for character in name.shown} & {"Cc", "Cf", "Co", "Cs", "Cn"}
    assert device_name(name.shown) == name


@given(LETTERS)
@example("ŉ")
@example("ǅ")
def test_a_key_does_not_depend_on_the_form(text: str) -> None:
    forms = {name_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {name_key(text)}
    assert name_key(text.casefold()) == name_key(text)


@given(st.text())
@example("手机" * 40)
@example("a" * 200)
@example("x" * 47 + " y")
def test_a_slug_is_short_ascii(text: str) -> None:
    slug = ascii_slug(text)
    assert re.fullmatch(r"[A-Za-z0-9 ._-]{0,48}", slug)
    assert slug == slug.strip(" .-_")


@pytest.mark.parametrize(
    ("text", "slug"),
    [("pixel8", "pixel8"), ("Jörg", "Jorg"), ('a"b/c', "abc"), ("телефон", "telefon"), ("a  b", "a b")],
)
def test_slugs_read_like_the_name(text: str, slug: str) -> None:
    assert ascii_slug(text) == slug


def test_a_name_of_which_nothing_is_left_becomes_a_device_with_a_number() -> None:
    first, second = common_name("\u0301"), common_name("\u0301")
    assert re.fullmatch(r"device-[0-9a-f]{6}", first)
    assert first != second


@given(st.text())
def test_a_file_stem_means_nothing_to_a_shell(text: str) -> None:
    stem = file_stem(common_name(text))
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", stem)
    assert len(stem) <= 48


def test_a_file_stem_has_no_blanks() -> None:
    assert file_stem("my phone") == "my-phone"
    assert file_stem("...") == "device"
