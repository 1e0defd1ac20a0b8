"""What people read is written in chat alone: other layers keep meanings, for which each language has its words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

BOT = Path(bot.__file__).parent
_WORDS = re.compile(r"[A-Za-z]+ [a-z]+")
_SILENT = frozenset({"boundary", "info", "warning", "error", "debug", "exception", "field"})
"""Calls whose words go to the log, or nowhere."""

_NAMES = frozenset({"home assistant", "Latchkey probe", "strict wildcard"})
"""Names of programs, what is written into a certificate, and an operator of the rules language."""

_OF_EARLIER = frozenset({"whoever has the server"})
"""What earlier versions stored, to be known again."""


def words(file: Path) -> Iterator[str]:
    """Texts of several words that are neither docstrings, nor errors of ours, nor for the log."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        silent = isinstance(node, ast.Call) and _called(node) in _SILENT
        if (
            silent
            or isinstance(node, ast.Raise)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ):
            skipped |= {id(inner) for inner in ast.walk(node)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in skipped]
    yield from (text.value for text in texts if isinstance(text.value, str) and _WORDS.search(text.value))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@pytest.mark.parametrize("layer", ["services", "model"])
def test_no_other_layer_has_words_for_people(layer: str) -> None:
    found = {word for file in sorted((BOT / layer).rglob("*.py")) for word in words(file)}
    assert found - _NAMES - _OF_EARLIER == set()
