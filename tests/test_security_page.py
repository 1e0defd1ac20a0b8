"""The page on attackers names tests: each of them is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security.md"
LINK = re.compile(r"\[`(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)")
ATTACKERS = (
    "A stranger",
    "A thief with an unlocked phone",
    "A member of the family",
    "Telegram itself",
    "A leaked bot token",
    "A leaked Cloudflare token",
    "Somebody with the server's disk",
    "Somebody who edits the zone by hand",
    "Out of scope",
)


def names_in(file: Path) -> set[str]:
    return {
        node.name
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_each_named_test_exists() -> None:
    named = LINK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 40
    missing = [name for name, file in named if not (ROOT / file).is_file() or name not in names_in(ROOT / file)]
    assert missing == []


def test_no_test_is_named_in_a_way_that_is_not_checked() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"`test_\w+`", text)) == len(LINK.findall(text))


def test_every_attacker_has_a_part_and_all_but_the_last_name_a_test() -> None:
    parts = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    titles = {part.partition("\n")[0]: part for part in parts}
    assert set(ATTACKERS) <= titles.keys()
    assert all(LINK.search(titles[name]) for name in ATTACKERS[:-1])
