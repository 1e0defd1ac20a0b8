"""The pages in docs and the README: every link leads somewhere, every page is short and can be reached."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import cli
from bot.chat.routes import COMMANDS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
NO_COMMANDS = {"newbot", "healthz", "metrics"}
"""BotFather's, and two addresses."""
LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#[^)]*)?\)")
ON_THE_SERVER = re.compile(r"(?:`|^)(?:latchkey|\.venv/bin/python -m bot) ([a-z-]+)", re.MULTILINE)
TARGET = re.compile(r"(?:`|^)make ([a-z]+)", re.MULTILINE)
CODE = re.compile(r"`/([a-z]+)(?=[ `])")


def links(page: Path) -> set[Path]:
    found = LINK.findall(page.read_text("utf-8"))
    return {(page.parent / link).resolve() for link in found if link}


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert not [link for link in links(page) if not link.exists()]


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_every_command_is_one(page: Path) -> None:
    assert set(CODE.findall(page.read_text("utf-8"))) <= COMMANDS.keys() | NO_COMMANDS


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_every_order_on_the_server_is_one(page: Path) -> None:
    known = get_command(cli).commands  # type: ignore[attr-defined]
    assert set(ON_THE_SERVER.findall(page.read_text("utf-8"))) <= known.keys()


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_every_target_is_one(page: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(TARGET.findall(page.read_text("utf-8"))) <= known


def test_the_index_has_every_page() -> None:
    assert links(DOCS / "README.md") >= {page for page in PAGES if page.name != "README.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_are_short(page: Path) -> None:
    assert page.name in {"security.md", "architecture.md"} or len(page.read_text("utf-8").split()) <= 700
