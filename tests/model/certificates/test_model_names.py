"""Device names and the ASCII that certificates and files get of them."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import InvalidName
from bot.model.certificates.names import (
    MAX_CHARACTERS,
    ascii_slug,
    common_name,
    device_name,
    file_stem,
    name_key,
    shown_name,
)

LETTERS = st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd"]), min_size=1, max_size=16)


@pytest.mark.parametrize(
    "name",
    [
        "pixel8", "Telefon von Jörg", "телефон", "手机", "هاتف", "टैबलेट", "phone_2.work-a", "七", "9",
        "Anna's iPhone", "Anna’s iPhone", "Galaxy S24+", "Pixel 8 (Anna)", "📱", "Anna ❤️", "👨‍👩‍👧 iPad", "👍🏽", "🫨",
        "Samsung Galaxy Tab S9 FE+ 5G Wohnzimmer", "DESKTOP-7QK3L1V", "Éric Dubois’ iPad №2", "Tom & Jerry", "#1",
        "50% off",
        'Ada "Countess" Lovelace', "C:\\laptop", "a<b>c", "a;b", "$HOME", "`id`", "x@y", "a,b", "pixel8.p12", "CON",
    ],
)  # fmt: skip
def test_whatever_phones_call_themselves_is_kept_as_written(name: str) -> None:
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
        ("Anna's iPhone", "Anna’s iPhone"),
        ("Anna‘s iPhone", "ANNA`S IPHONE"),
        ("Здоров'я", "Здоровʼя"),
        ("❤\ufe0f", "❤"),
        ("❤\ufe0e", "❤"),
        ("Anna\u00b4s", "Anna's"),
        ("a\u200bb", "ab"),
    ],
)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert device_name(one).key == device_name(other).key


def test_names_that_differ_have_keys_that_differ() -> None:
    assert (
        len({device_name(name).key for name in ("pixel8", "pixel 8", "pixel-8", "pixel9", "pixel8+", "pixel8 📱")}) == 6
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\u200b\u202e", "empty"),
        ("\u3164", "empty"),
        ("x" * 65, "long"),
        ("é" * 65, "long"),
        # Compared, each of these is 18 characters.
        ("\ufdfa" * 7 + "abc", "long"),
        ("iPad/Küche", "slash"),
    ],
)
def test_no_name_and_too_much_of_one_are_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidName) as refused:
        device_name(text)
    assert refused.value.why == why


def test_sixty_four_characters_are_allowed_whatever_their_bytes() -> None:
    assert device_name("手" * 64).shown == "手" * 64
    assert device_name("e\u0301" * 64).shown == "é" * 64
    assert len(device_name("\ufdfa" * 7 + "ab").key) == 128


def test_as_long_as_it_may_be_compared() -> None:
    assert len(device_name("\ufdfa" * 7 + "aa").key) == 128
    with pytest.raises(InvalidName) as refused:
        device_name("\ufdfa" * 7 + "aaa")
    assert (refused.value.why, refused.value.what) == ("long", "64")


def test_emoji_that_python_does_not_know_yet() -> None:
    assert device_name("\U0001faff").shown == "\U0001faff"
    for text in ("a\U0001efff", "a\x00b"):
        with pytest.raises(InvalidName) as refused:
            device_name(text)
        # What cannot be shown is not shown.
        assert (refused.value.why, refused.value.what) == ("characters", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kim", "Kim"),
        (" Kim \t\n Lee ", "Kim Lee"),
        ("Kim\tLee\u2028Po", "Kim Lee Po"),
        ("K\u202eim\x00", "Kim"),
        ("", "?"),
        ("\u202e", "?"),
        ("q\u0301\u0302", "q\u0301\u0302"),
        ("q\u0301\u0302\u0303q\u0301", "q\u0301\u0302q\u0301"),
        ("\u0301\u0302\u0303a", "\u0301\u0302a"),
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 64),
        ("x" * 63 + " y", "x" * 63),
    ],
)
def test_how_a_person_is_shown(text: str, shown: str) -> None:
    assert shown_name(text) == shown


def test_a_name_to_take_instead_is_one() -> None:
    with pytest.raises(InvalidName) as refused:
        device_name("iPad/Küche")
    assert device_name(refused.value.what).shown == "iPad-Küche"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "ab"),
        ("a\u2066b\u2069", "ab"),
        ("\u200ea\ufeff", "a"),
        ("a\u200db", "ab"),
        ("\u2068Anna’s iPhone\u2069", "Anna’s iPhone"),
        ("📱\u200d", "📱"),
        ("a\u115f", "a"),
        # Emoji alone are put together.
        ("a\u200d📱", "a📱"),
        ("\u200d📱", "📱"),
        ("📱\u200da", "📱a"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("🔥\u200d❤", "🔥\u200d❤"),
        ("a\ufe0f\u200d❤", "a\ufe0f❤"),
    ],
)
def test_what_nobody_sees_is_left_out(text: str, shown: str) -> None:
    assert device_name(text).shown == shown


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "a\x7fb", "a\ue000b", "a\ud800", "-", "..", " _ ", "+", "'", "\u0301", "a\u0378"]
)
def test_other_characters_are_refused(text: str) -> None:
    with pytest.raises(InvalidName) as refused:
        device_name(text)
    assert refused.value.why == "characters"


@given(st.text(max_size=80) | st.text("a'’(+/ \u200d\u200b\ufe0f❤👩📱́", max_size=12))
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        name = device_name(text)
    except InvalidName:
        return
    assert 1 <= len(name.shown) <= MAX_CHARACTERS
    assert 1 <= len(name.key) <= 128
    assert "/" not in name.shown
    strange = {c for c in name.shown if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs"}}
    assert strange <= {"\u200d"}
    assert not any(
        unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for c in name.shown
    )
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
    [
        ("pixel8", "pixel8"),
        ("Jörg", "Jorg"),
        ('a"b/c', "abc"),
        ("телефон", "telefon"),
        ("a  b", "a b"),
        ("Anna’s iPhone", "Annas iPhone"),
        ("Galaxy S24+", "Galaxy S24"),
        ("📱", "mobile_phone"),
    ],
)
def test_slugs_read_like_the_name(text: str, slug: str) -> None:
    assert ascii_slug(text) == slug
    assert common_name(text) == slug


def test_a_slug_has_forty_eight_characters_at_most() -> None:
    assert ascii_slug("x" * 48) == ascii_slug("x" * 49) == "x" * 48


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
    assert file_stem("pixel8.p12") == "pixel8"


@pytest.mark.parametrize("name", ["CON", "con", "nul.txt", "COM1", "lpt9.a.b", "Aux.p12"])
def test_a_file_stem_can_be_a_file_on_windows(name: str) -> None:
    """Microsoft, "Naming Files, Paths, and Namespaces": these lead to devices, whatever their ending."""
    assert file_stem(name).startswith("device-")
    assert file_stem("console") == "console"
