"""What stands behind /newcert: names, times, kinds of key, each taken for what it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidValidity, UnclearTime
from bot.model.certificates.certificates import KeyType
from bot.model.certificates.order_input import DeviceOrder, read_order, read_validity
from bot.model.dates import MAX_VALIDITY_DAYS

TODAY = date(2026, 11, 30)
PHONES = [
    "Anna's iPhone", "Anna’s iPhone", "Anna's iPhone 15 Pro", "iPhone 13 mini", "iPhone 6s", "iPad (9th generation)",
    "Galaxy S24+", "Samsung Galaxy Tab S9 FE+ 5G Wohnzimmer", "Pixel 8 (Anna)", "Pixel 6a", "OnePlus 8T",
    "Xiaomi 13T Pro", "Redmi Note 12", "Moto G 5", "DESKTOP-7QK3L1V", "LAPTOP-3", "Kindle 3G", "Nintendo 3DS", "TV 4K",
    "ipad 17.1", "Fire HD 10", "Surface Laptop 5 for Ben", "tablet two", "Mac mini M2", "MacBook Pro 2021", "📱",
    "Éric Dubois", "Иванов телефон", "父のスマホ", "PC 2", "guest for a while", "AirTag", "Nokia 3310", "Tab 7 Lite",
]  # fmt: skip
TIMES = {
    "90 days": 90, "30 d": 30, "3 months": 90, "1 year": 365, "1y6m": 545, "1 Jahr": 365, "2w": 14, "90D": 90,
    "48h": 2, "2 semanas": 14, "6 mois": 180, "un an": 365, "for 90 days": 90, "für 3 Monate": 90,
    "until 2026-12-24": 24,
    "24.12.2026": 24, "24/12/2026": 24, "24 Dec 2026": 24, "24. Dezember 2026": 24, "bis 24.12.": 24, "24.12.": 24,
    "hasta el 24 de diciembre": 24, "jusqu'au 24 décembre 2026": 24, "until tomorrow": 1, "two weeks": 14, "10y": 3650,
}  # fmt: skip
ASKED = [
    "30m", "6m", "18 m", "12h", "36 hours", "30 min", "30j", "03/04/2027", "24 Dec", "8 Jan", "90 dayz", "-1d", "0d",
    "3651d", "99999d", "31 Feb 2027", "20.11.2026", "6 months 1 year", "90d 2y", "for 90 dayz", "30 T", "2 a",
]  # fmt: skip


def read(text: str) -> DeviceOrder:
    return read_order(tuple(text.split()), TODAY)


@pytest.mark.parametrize("name", PHONES)
def test_phones_are_called_so(name: str) -> None:
    assert read(name) == DeviceOrder(name=name, whole=name)


@given(
    name=st.sampled_from(PHONES),
    time=st.sampled_from(sorted(TIMES)),
    options=st.lists(st.sampled_from(["csr", "rsa", "RSA", "Csr"]), max_size=2),
    first=st.booleans(),
)
def test_a_time_behind_any_name(name: str, time: str, options: list[str], first: bool) -> None:
    text = " ".join([name, *options, time] if first else [name, time, *options])
    wanted = read(text)
    assert (wanted.name, wanted.days, wanted.unclear) == (name, TIMES[time], None)
    assert wanted.own_key == ("csr" in [one.lower() for one in options])
    assert (wanted.key_type is KeyType.RSA2048) == ("rsa" in [one.lower() for one in options])


@given(name=st.sampled_from(PHONES), time=st.sampled_from(ASKED))
def test_what_is_like_a_time_is_asked_about_and_never_a_name(name: str, time: str) -> None:
    wanted = read(f"{name} {time}")
    assert wanted.unclear is not None
    assert wanted.days is None
    assert wanted.whole == f"{name} {time}"
    assert wanted.name == name


@pytest.mark.parametrize("time", sorted(TIMES))
def test_a_time_alone_leaves_the_name_to_be_asked_for(time: str) -> None:
    wanted = read(time)
    assert (wanted.name, wanted.days) == ("", TIMES[time])


def test_options_alone() -> None:
    assert read("") == DeviceOrder(name="")
    assert read("csr") == DeviceOrder(name="", own_key=True)
    assert read("30d rsa") == DeviceOrder(name="", days=30, key_type=KeyType.RSA2048, whole="30d")


@pytest.mark.parametrize(
    ("text", "key_type", "own_key"),
    [
        ("pixel8 rsa 30d", KeyType.RSA2048, False),
        ("pixel8 p256 30d", KeyType.P256, False),
        ("pixel8 RSA, 30d, csr.", KeyType.RSA2048, True),
        ("pixel8 30d; CSR;", None, True),
        ("pixel8 csr rsa 30d", KeyType.RSA2048, True),
    ],
)
def test_options_in_any_writing(text: str, key_type: KeyType | None, own_key: bool) -> None:
    wanted = read(text)
    assert (wanted.name, wanted.days, wanted.key_type, wanted.own_key) == ("pixel8", 30, key_type, own_key)


def test_the_whole_name_has_no_options_in_it() -> None:
    assert read("pixel8 30d CSR rsa").whole == "pixel8 30d"


def test_a_time_of_eight_words() -> None:
    wanted = read("guest 1 year and 6 months and 2 days")
    assert (wanted.name, wanted.days) == ("guest", 365 + 180 + 2)


@pytest.mark.parametrize("text", ["90 dayz", "for 90 dayz", "-1d"])
def test_what_is_like_a_time_alone(text: str) -> None:
    wanted = read(text)
    assert (wanted.name, wanted.unclear is None) == ("", False)


@pytest.mark.parametrize("name", ["guest", "guest 90 days old"])
def test_two_times_are_asked_about(name: str) -> None:
    asked = read(f"{name} 30d 2 weeks").unclear
    assert isinstance(asked, UnclearTime)
    assert (asked.why, asked.what) == ("twice", "30d, 2 weeks")


@pytest.mark.parametrize("text", ["guest 90 days please", "90 days guest", "Gast 2 Wochen danke"])
def test_a_time_within_a_name(text: str) -> None:
    asked = read(text).unclear
    assert isinstance(asked, UnclearTime)
    assert (asked.why, read(text).has_time) == ("inside", True)


def test_what_is_a_time_for_certain() -> None:
    assert read("guest 90 days").has_time
    assert read("guest 30m").has_time
    assert read("guest 0d").has_time
    assert not read("Pixel 8 Jan").has_time
    assert not read("guest").has_time


@pytest.mark.parametrize(("text", "days"), [("1d", 1), ("tomorrow", 1), ("3650 days", 3650), ("24 Dec", 24)])
def test_how_long_alone(text: str, days: int) -> None:
    assert read_validity(text, TODAY) == days


@pytest.mark.parametrize("text", ["3651 days", "0 days"])
def test_how_long_alone_out_of_bounds(text: str) -> None:
    with pytest.raises(InvalidValidity):
        read_validity(text, TODAY)


@pytest.mark.parametrize("text", ["", "guest", "30m", "12h", "soon"])
def test_how_long_alone_asked_about(text: str) -> None:
    with pytest.raises(UnclearTime):
        read_validity(text, TODAY)


@given(st.lists(st.text(min_size=1, max_size=8), max_size=5))
def test_any_words_are_read(words: list[str]) -> None:
    wanted = read_order(tuple(" ".join(words).split()), TODAY)
    assert wanted.days is None or timedelta(days=1) <= timedelta(days=wanted.days) <= timedelta(MAX_VALIDITY_DAYS)
