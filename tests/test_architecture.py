"""The page about how it works inside: its pictures are those of the tables, and what it names is there."""

import re
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import pytest

from bot.model.certificates.certificates import MOVES
from bot.model.host_notices import TAKE_OVER_MOVES
from bot.model.openings.paths import PATH_MOVES
from bot.model.people.requests import REQUEST_MOVES
from bot.model.protection.hosts import HOST_MOVES

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "docs" / "architecture.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
PICTURE = re.compile(r"\(`(bot/[a-z_/]+\.py)`[^\n]*\):\n\n```mermaid\nstateDiagram-v2\n(.*?)\n```", re.DOTALL)
TABLES: dict[str, Mapping[Any, Set[Any]]] = {
    "bot/model/certificates/certificates.py": MOVES,
    "bot/model/openings/paths.py": PATH_MOVES,
    "bot/model/protection/hosts.py": HOST_MOVES,
    "bot/model/people/requests.py": REQUEST_MOVES,
    "bot/model/host_notices.py": TAKE_OVER_MOVES,
}


def test_each_picture_shows_the_moves_of_its_table() -> None:
    drawn = dict(PICTURE.findall(PAGES[0].read_text("utf-8")))
    assert drawn.keys() == TABLES.keys()
    for file, table in TABLES.items():
        arrows = {tuple(line.strip().split(" --> ")) for line in drawn[file].splitlines()}
        moves = {
            (one.value.replace("-", "_"), other.value.replace("-", "_"))
            for one, others in table.items()
            for other in others
        }
        assert {arrow for arrow in arrows if "[*]" not in arrow} == moves, file
        assert len([arrow for arrow in arrows if arrow[0] == "[*]"]) == 1, file


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    named = {one.rstrip("/.") for one in re.findall(r"`((?:bot|tests|migrations|sandbox)/[a-z0-9_/.]+)`", text)}
    assert not [one for one in named if not (ROOT / one).exists()]
    for link in re.findall(r"\]\((?!https?://)([^)#]+)", text):
        assert (page.parent / link).exists(), link
