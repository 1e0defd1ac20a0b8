"""The texts that have to be translated, taken from the source, and the catalogues brought up to date with them.

``python -m tests.catalogues`` (``make catalogues``) writes them; what is new stands there without a translation.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.chat.languages import ENGLISH, LANGUAGES

CHAT = Path(__file__).parent.parent / "bot" / "chat"
LOCALES = CHAT / "locales"

_SAID_BY = frozenset({"_", "label", "either"})
"""Methods of a voice whose every text is said."""

_PASSED_ON_BY = frozenset({"_plain", "_button"})
"""Functions whose first text is said by a voice."""

_TABLES = frozenset({"SENTENCES", "DETAILS", "FOR_STRANGERS", "FOR_MEMBERS", "FOR_ADMINS", "_STEPS"})
"""Constants whose every text is said; their keys are none."""

_COMMAND_NAMES = frozenset({"FOR_STRANGERS", "FOR_MEMBERS", "FOR_ADMINS"})


def texts() -> dict[str, tuple[str, ...]]:
    """Every text, in the order of the source; two where there are forms for one and for many.

    Raises:
        ValueError: a text is said with a number here and without there, or is not written out where it is said.
    """
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(CHAT.rglob("*.py")):
        for forms in _of_module(ast.parse(file.read_text(encoding="utf-8"))):
            if found.setdefault(forms[0], forms) != forms:
                raise ValueError(f"{file.name}: said in two ways, and a catalogue holds one: {forms[0]}")
    return found


def _of_module(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id in _TABLES and node.value is not None:
                yield from ((text,) for text in _of_table(node.value, names=target.id in _COMMAND_NAMES))


def _of_call(call: ast.Call) -> Iterator[tuple[str, ...]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    said = [text for text in map(_text, [*call.args, *(word.value for word in call.keywords)]) if text]
    if name == "many":
        one, other = (_text(arg) for arg in call.args[:2])
        if not (one and other):
            raise ValueError(f"Line {call.lineno}: both forms have to be written out where they are said.")
        yield one, other
    elif name in _SAID_BY:
        yield from ((text,) for text in said)
    elif name in _PASSED_ON_BY and said:
        yield (said[0],)
    # A text may be chosen before it is said: voice._("one" if … else "other").
    if name in _SAID_BY:
        chosen = [arg for arg in call.args if isinstance(arg, ast.IfExp)]
        yield from ((text,) for one in chosen for text in map(_text, (one.body, one.orelse)) if text)


def _of_table(value: ast.expr, *, names: bool) -> Iterator[str]:
    if isinstance(value, ast.Dict):
        for each in value.values:
            yield from _of_table(each, names=names)
    elif isinstance(value, ast.Tuple | ast.List):
        elements = value.elts
        pair = names and len(elements) == 2 and all(isinstance(one, ast.Constant) for one in elements)
        for each in elements[1:] if pair else elements:
            yield from _of_table(each, names=names)
    elif text := _text(value):
        yield text


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def read(language: str) -> Catalog:
    """The catalogue as it is written."""
    file = LOCALES / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def bring_up_to_date(language: str) -> None:
    """Add what is new, drop what is no longer said; translations stay."""
    old, fresh = read(language), Catalog(locale=language)
    for first, forms in texts().items():
        known = old.get(first)
        string = known.string if known is not None else None
        empty = ("",) * fresh.num_plurals if len(forms) > 1 else ""
        fits = isinstance(string, tuple | list) == (len(forms) > 1)
        fresh.add(forms if len(forms) > 1 else first, string if string and fits else empty)
    with (LOCALES / f"{language}.po").open("wb") as file:
        # Without a header: it would hold dates and addresses, and no more than the file's name says.
        file.write(f"# {LANGUAGES[language]}: a draft until somebody who grew up with it has read it.\n\n".encode())
        write_po(file, fresh, width=0, omit_header=True)


def main() -> None:
    """Bring all up to date."""
    for language in LANGUAGES:
        if language != ENGLISH:
            bring_up_to_date(language)


if __name__ == "__main__":
    main()
