"""The tree of errors and its picture."""

import inspect
import re

from bot import errors
from bot.errors import Busy, LatchkeyError, MissingRight, RefusedByEdge, StaleRequest, Unclear


def tree() -> dict[str, str]:
    """Each error's name and its parent's, as they are."""
    classes = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, LatchkeyError)]
    return {one.__name__: one.__base__.__name__ for one in classes if one is not LatchkeyError and one.__base__}


def drawn() -> dict[str, str]:
    """The same, as the picture shows them."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"    ([│ ├└─]*)(\w+)(?:  |$)", line)
        if match:
            depth = len(match[1]) // 4
            path[depth:] = [match[2]]
            if depth:
                parents[match[2]] = path[depth - 1]
    return parents


def test_the_picture_shows_the_tree() -> None:
    assert drawn() == tree()


def test_every_error_says_what_it_means() -> None:
    classes = [getattr(errors, name) for name in tree()]
    assert all((one.__doc__ or "").strip() for one in classes)


def test_trying_again_helps_when_the_answer_was_not_no() -> None:
    assert Unclear.again_helps
    assert Busy(1).again_helps
    assert StaleRequest.again_helps
    assert not RefusedByEdge(400).again_helps
    assert not MissingRight("right").again_helps
