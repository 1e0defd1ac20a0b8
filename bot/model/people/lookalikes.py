"""Names that could be mistaken for one another: anybody may call themself anything in Telegram.

Names are compared by what is left of them without marks, case, invisible characters and scripts, in two readings: by
how a letter looks (Cyrillic ``В`` is a ``b``) and by how it sounds (``В`` is a ``v``), each with digits and signs read
as the letters they stand in for (``4d4``), and left out (``Ada 2``). Unicode's own list of such letters is in UTS 39,
section 4; what is here are those that a phone's keyboard or a font generator gives.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

Words = tuple[str, ...]

_ALIKE = {
    # Cyrillic
    "АаӐӒ": "a", "В": "b", "в": "b", "Сс": "c", "ԁ": "d", "ЕеЁё": "e", "Ғғ": "f", "Ԍԍ": "g", "НнҺһ": "h", "ІіЇїӀӏ": "i",
    "Јј": "j", "Ккҝ": "k", "Мм": "m", "Пп": "n", "ОоѲѳ": "o", "Рр": "p", "Ԛԛ": "q", "г": "r", "Ѕѕ": "s", "Тт": "t",
    "ЦцѵѴ": "u", "Ѡѡ": "w", "Ԝԝ": "w", "Хх": "x", "УуҮү": "y", "З": "e", "з": "e", "Бб": "b", "ь": "b", "Ь": "b",
    # Greek
    "ΑαΛΔ": "a", "Ββ": "b", "ϲϹ": "c", "δ": "d", "Εε": "e", "ΗΉ": "h", "η": "n", "Ιι": "i", "ϳ": "j", "Κκ": "k",
    "Μ": "m", "Ν": "n", "ν": "v", "ΟοΘθσ": "o", "Ρρ": "p", "Ττ": "t", "υμ": "u", "ω": "w", "Χχ": "x", "Υγ": "y",
    "Ζζ": "z",
    # Armenian, Cherokee, Lisu, Coptic
    "ա": "w", "ց": "g", "հ": "h", "Ո": "n", "ո": "n", "օՕ": "o", "ս": "u", "Տ": "s",
    "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c", "Ꭰ": "d", "Ꭼ": "e", "Ꮋ": "h", "Ꮖ": "i", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "l", "Ꮇ": "m",
    "Ꮲ": "p", "Ꮪ": "s", "Ꭲ": "t", "Ꮩ": "v", "Ꮃ": "w", "Ꮍ": "y", "Ꮓ": "z",
    "ꓮ": "a", "ꓐ": "b", "ꓚ": "c", "ꓓ": "d", "ꓰ": "e", "ꓝ": "f", "ꓖ": "g", "ꓧ": "h", "ꓲ": "i", "ꓙ": "j", "ꓗ": "k",
    "ꓡ": "l", "ꓟ": "m", "ꓠ": "n", "ꓳ": "o", "ꓑ": "p", "ꓣ": "r", "ꓢ": "s", "ꓔ": "t", "ꓴ": "u", "ꓦ": "v", "ꓪ": "w",
    "ꓫ": "x", "ꓬ": "y", "ꓜ": "z",
    "Ⲁⲁ": "a", "Ⲃ": "b", "Ⲉⲉ": "e", "Ⲏ": "h", "Ⲓⲓ": "i", "Ⲕⲕ": "k", "Ⲙⲙ": "m", "Ⲛⲛ": "n", "Ⲟⲟ": "o", "Ⲣⲣ": "p",
    # Latin, turned and bent
    "ßẞƀƁ": "b", "ɐɑɒⱯ∀": "a", "ɔƆ": "c", "ǝəƎ": "e", "ƃ": "g", "ɥ": "h", "ᴉɪ": "i", "ʞ": "k", "ɯ": "m", "ɹʀ": "r",
    "ʇ": "t", "Ʌ": "a", "ʌ": "v", "ʍ": "w", "ʎ": "y", "þ": "p", "ƨ": "s", "ʟ": "l",
}  # fmt: skip
_LOOKS = {character: letter for characters, letter in _ALIKE.items() for character in characters}
_STANDS_FOR = {
    "0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "b", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "i", "€": "e", "£": "l",
}  # fmt: skip
# Letters by their category, and nothing to be seen: Hangul fillers, the empty Braille cell.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_MARKS = ("COMBINING ", "VARIATION SELECTOR")
_TITLE = "(?:(?:the)?(?:admin|administrator|boss|official|owner|real|support))"
_TITLED = re.compile(f"{_TITLE}*(.+?){_TITLE}*")
_SHORTEST_TO_CONTAIN = 2
_SHORTEST_TO_BE_ONE_OFF = 7
_NAMES_REMEMBERED = 8192


def lookalike(name: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that ``name`` is most easily mistaken for; ``None`` when it looks like none of them.

    That is so when they read the same; when all words of the one are in the other (``Ada (admin)``, also without a
    space: ``AdaAdmin``); and for words of seven letters or more when one of them is misspelt by one letter, but not at
    its end: ``Daniel`` and ``Daniela`` are two names.
    """
    best: tuple[int, str] | None = None
    mine = _shape(name)
    for other in known:
        how = _how_alike(mine, _shape(other))
        if how is not None and (best is None or how < best[0]):
            best = (how, other)
    return None if best is None else best[1]


@dataclass(frozen=True)
class _Shape:
    """A name in all its readings. ``wholes`` are without spaces, ``cores`` without titles too, ``words`` folded."""

    wholes: frozenset[str]
    cores: frozenset[str]
    words: frozenset[Words]
    sets: frozenset[frozenset[str]]
    bare: str


def _how_alike(one: _Shape, other: _Shape) -> int | None:
    if not one.words or not other.words:
        # Nothing but signs: two foxes are alike.
        return 0 if one.bare == other.bare else None
    if one.wholes & other.wholes:
        return 0
    if one.cores & other.cores or any(a <= b or b <= a for a in one.sets for b in other.sets):
        return 1
    return 2 if any(_one_off(a, b) for a in one.words for b in other.words) else None


def _one_off(one: Words, other: Words) -> bool:
    if len(one) != len(other):
        one, other = ("".join(one),), ("".join(other),)
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(differing) == 1 and _is_misspelt(*differing[0])


def _is_misspelt(one: str, other: str) -> bool:
    """One letter other, more or fewer, or two exchanged, before the last letter."""
    if min(len(one), len(other)) < _SHORTEST_TO_BE_ONE_OFF or one[-1] != other[-1]:
        return False
    while one[0] == other[0]:
        one, other = one[1:], other[1:]
        if not one or not other:
            return len(one) + len(other) == 1
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) == 1 or (len(one) == len(other) == 2 and one == other[::-1])


@lru_cache(_NAMES_REMEMBERED)
def _shape(name: str) -> _Shape:
    plain = _bare(name)
    readings = {_words(plain, by_looks=looks, signs=signs) for looks in (True, False) for signs in (True, False)}
    wholes = {"".join(words) for words in readings if words}
    words = frozenset(tuple(map(_fold, words)) for words in readings if words)
    return _Shape(
        wholes=frozenset(_fold(whole, once=once) for whole in wholes for once in (True, False)),
        cores=frozenset(_fold(core) for core in map(_core, wholes) if len(core) >= _SHORTEST_TO_CONTAIN),
        words=words,
        sets=frozenset(frozenset(each) for each in words if sum(map(len, each)) >= _SHORTEST_TO_CONTAIN),
        bare=plain,
    )


def _core(whole: str) -> str:
    """``ada`` of ``therealada``."""
    found = _TITLED.fullmatch(whole)
    return whole if found is None else found[1]


def _bare(name: str) -> str:
    """Without marks and what cannot be seen; full-width, circled, mathematical letters as plain ones (NFKC)."""
    taken_apart = unicodedata.normalize("NFKD", name)
    kept = "".join(
        c
        for c in taken_apart
        if c not in _BLANK and unicodedata.category(c) != "Cf" and not unicodedata.name(c, "").startswith(_MARKS)
    )
    return unicodedata.normalize("NFC", kept)


def _words(plain: str, *, by_looks: bool, signs: bool) -> Words:
    text, was_small = "", False
    for character in plain:
        # "AdaAdmin" is two words.
        text += " " if was_small and character.isupper() else ""
        text += _letter(character, by_looks=by_looks, signs=signs)
        was_small = character.islower()
    words: list[str] = []
    spelling = False
    for word in text.split():
        # "A d a" is one word.
        if len(word) == 1 and spelling:
            words[-1] += word
        else:
            words.append(word)
        spelling = len(word) == 1
    return tuple(words)


def _letter(character: str, *, by_looks: bool, signs: bool) -> str:
    if by_looks and character in _LOOKS:
        return _LOOKS[character]
    if character >= "\u3400" and unicodedata.name(character, "").startswith("CJK "):
        # Many of them sound alike and look nothing like each other.
        return character
    latin = anyascii(character).lower()
    if latin.startswith(":"):
        # The name of a picture.
        return " "
    if signs and latin in _STANDS_FOR:
        return _STANDS_FOR[latin]
    return "".join(c if c.isalpha() else " " for c in latin)


def _fold(word: str, *, once: bool = True) -> str:
    """What is left where letters look like others beside them, and, for ``once``, none is written twice."""
    joined = word.replace("vv", "w").replace("rn", "m")
    kept = "".join(c for at, c in enumerate(joined) if not once or at == 0 or joined[at - 1] != c)
    return kept.replace("l", "i")
