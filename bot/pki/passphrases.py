"""Passphrases for .p12 files: easy to copy, possible to type on a phone, too many to guess."""

import secrets
from functools import cache

from xkcdpass import xkcd_password

_WORDS = 6
SEPARATOR = "-"
MAX_CHARACTERS = 31
"""gpgsm 2.2 refuses a passphrase of 32 characters (its buffer, measured); an old public report says the same of the
Certificate Import Wizard of Windows."""


@cache
def word_list() -> tuple[str, ...]:
    """The EFF's short word list (CC BY 3.0 US, Electronic Frontier Foundation), without words that hold a hyphen."""
    file = xkcd_password.locate_wordfile("eff-short")
    words = xkcd_password.generate_wordlist(wordfile=file, min_length=3, max_length=8)
    return tuple(sorted({word for word in words if word.isascii() and word.isalpha() and word.islower()}))


def new_passphrase() -> str:
    """Six random words, drawn again until they have at most ``MAX_CHARACTERS``: 60 bits. Against a PKCS#12 MAC of 2,048
    rounds that is hundreds of years of one GPU.
    """
    while len(drawn := SEPARATOR.join(secrets.choice(word_list()) for _ in range(_WORDS))) > MAX_CHARACTERS:
        pass
    return drawn
