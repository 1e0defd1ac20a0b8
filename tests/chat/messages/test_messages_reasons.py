"""Every reason has its words: each ``why`` that is raised anywhere, and each key by which a text is chosen.

A misspelt one fails here, and not in somebody's chat as "Something went wrong".
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from bot import errors
from bot.chat.languages import LANGUAGES
from bot.chat.messages.refusals import refusal
from bot.errors import LatchkeyError
from bot.model.people.requests import RequestState
from bot.pki.contents import Private
from bot.pki.requests import _ODD_KEYS
from bot.store.engine import sqlite_errors
from tests.chat.messages.test_messages_words import an, check
from tests.chat.notice_examples import VOICE

ROOT = Path(__file__).parents[3]
REASONS = ("why", "how")

NAMED_ELSEWHERE: dict[tuple[type[LatchkeyError], str], set[str]] = {
    (errors.AlreadyDecided, "request.state.value"): {state.value for state in RequestState} - {RequestState.OPEN.value},
    (errors.AlreadyDecided, "last.state.value"): {state.value for state in RequestState} - {RequestState.OPEN.value},
    (errors.AlreadyDecided, "RequestState.EXPIRED.value"): {RequestState.EXPIRED.value},
    (errors.PrivateKeySent, "found"): {one.value for one in Private},
    (errors.PrivateKeySent, "found.private"): {one.value for one in Private},
    (errors.InvalidRequestFile, "_why_odd(signed)"): {*_ODD_KEYS, "key"},
    (errors.StoreUnavailable, "_STUCK[name]"): set(sqlite_errors._STUCK.values()),
}
"""What an expression that is no text can stand for. A new one belongs here, with all its values."""


def with_reasons() -> dict[type[LatchkeyError], str]:
    """The errors that carry a reason, and what the parameter is called."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, LatchkeyError)]
    named = ((kind, name) for kind in kinds for name in REASONS if name in parameters_of(kind))
    return dict(named)


def parameters_of(kind: type[LatchkeyError]) -> list[str]:
    return [name for name in inspect.signature(kind.__init__).parameters if name not in {"self", "args", "kwargs"}]


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((ROOT / "bot").rglob("*.py")):
        yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def said(kind: type[LatchkeyError], what: ast.expr) -> set[str] | None:
    """The values an expression can have; ``None`` where that cannot be seen."""
    match what:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            one, other = said(kind, body), said(kind, orelse)
            return None if one is None or other is None else one | other
        case _:
            return NAMED_ELSEWHERE.get((kind, ast.unparse(what)))


def raised() -> Iterator[tuple[str, type[LatchkeyError], set[str] | None]]:
    """Each place where an error with a reason is made: where, which, and the reasons it can have there."""
    kinds = {kind.__name__: (kind, name) for kind, name in with_reasons().items()}
    for file, tree in sources():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = ast.unparse(call.func).rpartition(".")[2]
            if called not in kinds:
                continue
            kind, name = kinds[called]
            place = parameters_of(kind).index(name)
            by_name = {keyword.arg: keyword.value for keyword in call.keywords}
            what = call.args[place] if len(call.args) > place else by_name[name]
            yield f"{file}:{call.lineno} {ast.unparse(call)}", kind, said(kind, what)


def made(kind: type[LatchkeyError], name: str, reason: str) -> LatchkeyError:
    """An error of that kind with that reason, and else as in the examples. Some reasons come with a bound."""
    example = vars(an(kind)) | {"what": "5"}
    return kind(**{each: reason if each == name else example[each] for each in parameters_of(kind)})


def test_each_reason_that_is_raised_has_a_sentence_in_each_language() -> None:
    names, wordless, found = with_reasons(), [], set()
    for where, kind, reasons in raised():
        assert reasons is not None, f"{where}: which reasons are these? Write them out, or name them in this test"
        found.add(kind)
        for reason in sorted(reasons):
            for language in LANGUAGES:
                voice = replace(VOICE, language=language)
                try:
                    check(refusal(made(kind, names[kind], reason), voice))
                except KeyError:
                    wordless.append(f"{where}: no sentence for {reason!r}")
    assert wordless == []
    assert {
        errors.InvalidName,
        errors.InvalidHost,
        errors.InvalidPath,
        errors.InvalidRequestFile,
        errors.StoreUnavailable,
    } <= found


def test_a_reason_without_a_sentence_would_be_seen() -> None:
    for kind, name in with_reasons().items():
        with pytest.raises(KeyError):
            refusal(made(kind, name, "misspelt"), VOICE)
    for what, reasons in (('"a"', {"a"}), ('"a" if x else "b"', {"a", "b"}), ('x if y else "b"', None), ("x", None)):
        assert said(errors.InvalidName, ast.parse(what, mode="eval").body) == reasons


SOME_ONLY: dict[tuple[str, str], frozenset[str]] = {
    # Whoever is ok is shown by their role.
    ("people.py", "Standing"): frozenset({"OK"}),
    # Said by another line, with the hosts.
    ("findings.py", "Drift"): frozenset({"NOT_ASSOCIATED"}),
    # Two tables, for what came through and for what did not.
    ("verdicts.py", "AttemptKind"): frozenset({"LIVE", "PATH", "CAPITALS", "DOT", "PORT", "OTHER_NAME"}),
}
"""By file and enum: the members that have no words in a table, because they are never asked of it."""


def asked_partly(scope: ast.AST) -> set[str]:
    """What is asked with a way out: by ``get``, or after a look whether it is in there."""
    asked = {
        ast.unparse(node.value) for node in ast.walk(scope) if isinstance(node, ast.Attribute) and node.attr == "get"
    }
    looks = (node for node in ast.walk(scope) if isinstance(node, ast.Compare))
    return asked | {ast.unparse(look.comparators[0]) for look in looks if isinstance(look.ops[0], ast.In | ast.NotIn)}


def tables(tree: ast.Module) -> Iterator[ast.Dict]:
    """The dictionaries of which each key is taken for granted."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    within = {id(node): function for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            # What a module keeps for others to ask is not seen here.
            if name not in asked_partly(within.get(id(node), tree)) and (id(node) in within or name.startswith("_")):
                yield node.value
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict):
            yield node.value


def chosen_by_enum() -> Iterator[tuple[str, str, type[Enum], set[str]]]:
    """Each table of words by the members of an enum: file, where, which, and the members it has."""
    for file, tree in sources():
        if "messages" not in file.parts and "commandline" not in file.parts:
            continue
        module = importlib.import_module(".".join(file.with_suffix("").parts))
        for table in tables(tree):
            names = [key for key in table.keys if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name)]
            owners = {ast.unparse(key.value) for key in names}
            kind = getattr(module, owners.pop(), None) if len(owners) == 1 and len(names) == len(table.keys) else None
            if inspect.isclass(kind) and issubclass(kind, Enum):
                yield file.name, f"{file}:{table.lineno}", kind, {key.attr for key in names}


def test_each_table_of_words_has_all_that_can_be_asked_of_it() -> None:
    found = list(chosen_by_enum())
    lacking = {
        f"{where}: {kind.__name__}": sorted(left)
        for file, where, kind, has in found
        if (left := set(kind.__members__) - has - SOME_ONLY.get((file, kind.__name__), frozenset()))
    }
    assert lacking == {}
    assert len(found) > 10


def test_words_that_are_chosen_by_an_errors_name_name_an_error() -> None:
    """As ``NotMade`` and ``RuleStuck`` keep it, by the class's name: a misspelt one would never be chosen."""
    no_errors = {"NoRequest"}
    keys: set[Any] = set()
    for file, tree in sources():
        if "messages" in file.parts:
            tables = (node for node in ast.walk(tree) if isinstance(node, ast.Dict))
            found = (key.value for table in tables for key in table.keys if isinstance(key, ast.Constant))
            keys |= {key for key in found if isinstance(key, str) and key.isidentifier() and key[:1].isupper()}
    assert "MissingRight" in keys
    assert {key for key in keys - no_errors if not hasattr(errors, key)} == set()
    reasons: set[Any] = set()
    for _, tree in sources():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if "NotMade" in {ast.unparse(argument) for argument in call.args}:
                given = [keyword.value for keyword in call.keywords if keyword.arg == "why"]
                reasons |= {each.value for each in given if isinstance(each, ast.Constant)}
    assert {reason for reason in reasons - no_errors if not hasattr(errors, reason)} == set()
