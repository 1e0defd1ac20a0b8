"""Passphrases."""

import math

from bot.pki.passphrases import SEPARATOR, new_passphrase, word_list


def test_the_list_is_the_short_one_of_the_eff_without_hyphens() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 1295
    assert {"acid", "zoom"} <= set(words)
    assert "yo-yo" not in words
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)


def test_six_words_hold_62_bits() -> None:
    words = new_passphrase().split(SEPARATOR)
    assert len(words) == 6
    assert set(words) <= set(word_list())
    assert len(words) * math.log2(len(word_list())) >= 62


def test_none_comes_twice() -> None:
    assert len({new_passphrase() for _ in range(10_000)}) == 10_000


def test_every_word_comes_up() -> None:
    seen = {word for _ in range(5_000) for word in new_passphrase().split(SEPARATOR)}
    assert seen == set(word_list())


def test_a_phone_can_take_it() -> None:
    assert all(one.isascii() and len(one) <= 64 for one in (new_passphrase() for _ in range(100)))
