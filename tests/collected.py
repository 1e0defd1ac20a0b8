"""Many cases of the same cheap thing in one test: what fails is collected, and named case by case."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_LINES, _WIDTH = 4, 300


class Cases:
    """The cases of one test. Made by ``collected``."""

    def __init__(self) -> None:
        self.tried = 0
        self.failed: list[str] = []

    @contextmanager
    def case(self, name: str) -> Iterator[None]:
        """What is checked inside is one case: should it fail, the others are tried all the same."""
        self.tried += 1
        try:
            yield
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is told, with the case's name
            lines = [line[:_WIDTH] for line in str(error).splitlines()[:_LINES]]
            self.failed.append("\n    ".join((f"{name}: {type(error).__name__}", *lines)))


@contextmanager
def collected() -> Iterator[Cases]:
    """Fail at the end, with every case that failed and how many were tried; also when there was none to try."""
    cases = Cases()
    yield cases
    assert cases.tried, "there was nothing to try"
    if cases.failed:
        pytest.fail("\n".join((f"{len(cases.failed)} of {cases.tried} failed:", *cases.failed)), pytrace=False)
