"""Every reason that is given anywhere for not taking what somebody typed has its sentence, in every language."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

import bot
from bot import errors
from bot.chat.languages import LANGUAGES
from bot.chat.messages.certificates.order import name_asked, validity_asked
from bot.chat.messages.refusals import refusal
from bot.model.certificates.order_input import NameAsked, ValidityAsked
from bot.model.public_id import new_public_id
from sandbox.telegram.formatting import formatted
from tests.chat.notice_examples import HOSTILE, SOON, VOICE

BOTH = (date(2027, 4, 3), date(2027, 3, 4))


def given(kind: str) -> list[str]:
    """The reasons with which an error of that kind is raised or made."""
    return sorted({why for file in Path(bot.__file__).parent.rglob("*.py") for why in _of_file(file, kind)})


def _of_file(file: Path, kind: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == kind and node.args:
            why = node.args[0]
            assert isinstance(why, ast.Constant), f"{file.name}:{node.lineno}: a reason that no test can see"
            yield str(why.value)


def an(kind: str, why: str) -> errors.LatchkeyError:
    if kind == "UnclearTime":
        return errors.UnclearTime(why, HOSTILE, BOTH)
    what = "720" if why in {"duration", "long", "networks"} else HOSTILE
    return errors.InvalidPath(why, what) if kind == "InvalidPath" else errors.InvalidName(why, what)


@pytest.mark.parametrize("kind", ["InvalidName", "InvalidPath", "UnclearTime"])
def test_each_reason_has_a_sentence(kind: str) -> None:
    assert len(given(kind)) >= 5
    for language, why in product(LANGUAGES, given(kind)):
        text = formatted(str(refusal(an(kind, why), replace(VOICE, language=language)).html), "HTML").text
        assert text.strip(), (language, why)
        assert "{" not in text, (language, why)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_asked_about_too(language: str) -> None:
    voice = replace(VOICE, language=language)
    for why in (None, *given("InvalidName")):
        refused = None if why is None else errors.InvalidName(why, HOSTILE)
        asked = name_asked(NameAsked(SOON, refused), voice)
        assert formatted(str(asked.html), "HTML").text
    assert len(name_asked(NameAsked(SOON, errors.NameTaken(HOSTILE, "abcd1234")), voice).rows[0]) == 2
    wrong: list[errors.UnclearTime | errors.InvalidValidity] = [errors.InvalidValidity(3650)]
    wrong += [errors.UnclearTime(why, HOSTILE, BOTH[:count]) for why in given("UnclearTime") for count in (0, 1, 2)]
    for unclear in wrong:
        choices = (*BOTH, timedelta(days=1), timedelta(minutes=5))
        asked = validity_asked(
            ValidityAsked(id=new_public_id(), until=SOON, unclear=unclear, choices=choices, whole=HOSTILE), voice
        )
        assert formatted(str(asked.html), "HTML").text
        assert all(button.text for row in asked.rows for button in row)
