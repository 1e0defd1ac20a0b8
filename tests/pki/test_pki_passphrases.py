"""Passphrases."""

import math
from collections import Counter

from bot.pki.passphrases import MAX_CHARACTERS, SEPARATOR, new_passphrase, word_list


def test_the_list_is_the_short_one_of_the_eff_without_hyphens() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 1295
    assert {"acid", "zoom"} <= set(words)
    assert "yo-yo" not in words
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)


def test_six_words_that_fit_hold_60_bits() -> None:
    words = new_passphrase().split(SEPARATOR)
    assert len(words) == 6
    assert set(words) <= set(word_list())
    # How many of all the draws fit, by the length of what stands there after each word.
    ways = Counter({-len(SEPARATOR): 1})
    for _ in words:
        longer: Counter[int] = Counter()
        for length, many in ways.items():
            for word in word_list():
                longer[length + len(SEPARATOR) + len(word)] += many
        ways = longer
    assert math.log2(sum(many for length, many in ways.items() if length <= MAX_CHARACTERS)) >= 60


def test_none_comes_twice() -> None:
    assert len({new_passphrase() for _ in range(10_000)}) == 10_000


def test_every_word_comes_up() -> None:
    seen = {word for _ in range(5_000) for word in new_passphrase().split(SEPARATOR)}
    assert seen == set(word_list())


def test_whatever_reads_the_file_takes_it() -> None:
    lengths = {len(new_passphrase()) for _ in range(5_000)}
    assert max(lengths) == MAX_CHARACTERS == 31
    assert min(lengths) < MAX_CHARACTERS
