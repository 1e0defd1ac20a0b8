"""The ways in which a caller may send a path: all of them mean the same to the edge and to the service behind it."""

import re

_ESCAPE = re.compile(r"%[0-9A-F]{2}")


def spellings(path: str, sent: str | None = None) -> tuple[str, ...]:
    """A normalised path as it may be sent: itself first, then what old libraries make of it, then ``sent``, which is
    how somebody wrote it.

    Old libraries encode the tilde (RFC 1738 said so) or write ``%xx`` in small letters. Dots, slashes and other letters
    are nobody's habit to encode, so they are in no spelling but the one that somebody wrote.
    """
    found = [path, path.replace("~", "%7E"), _ESCAPE.sub(lambda escape: escape[0].lower(), path)]
    if sent is not None:
        found.append(sent)
    return tuple(dict.fromkeys(found))
