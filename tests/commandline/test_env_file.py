"""Changing single settings in an .env file, and nothing else in it."""

import io
import string
from pathlib import Path

from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.commandline.env_file import change_env_file, with_settings

NAMES = st.sampled_from(["LATCHKEY_ZONE", "LATCHKEY_TELEGRAM_TOKEN", "OTHER", "export OTHER", "  SPACED"])
VALUES = st.text(string.ascii_letters + string.digits + ":_-.", max_size=12)
LINES = st.one_of(
    st.builds("{}={}".format, NAMES, VALUES),
    st.builds("{}='{}\n{}'".format, NAMES, VALUES, VALUES),
    st.builds("#{}={}".format, NAMES, VALUES),
    st.sampled_from(["", "  ", "# words", "no sense at all ="]),
)


@given(st.lists(LINES), st.sampled_from(["\n", "\r\n"]), VALUES.filter(bool))
def test_the_setting_has_its_value_and_all_others_keep_theirs(lines: list[str], end: str, value: str) -> None:
    text = end.join(lines)
    changed = with_settings(text, {"LATCHKEY_ZONE": value})
    expected = {**dotenv_values(stream=io.StringIO(text)), "LATCHKEY_ZONE": value}
    assert dotenv_values(stream=io.StringIO(changed)) == expected
    assert with_settings(changed, {"LATCHKEY_ZONE": value}) == changed
    assert with_settings(text, {}) == text


def test_a_name_that_stands_there_twice_stands_there_once(tmp_path: Path) -> None:
    assert with_settings("A=1\nB=2\nA=3\n", {"A": "4"}) == "B=2\nA=4\n"


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "real", tmp_path / ".env"
    file.write_text("A=1\n")
    link.symlink_to(file)
    change_env_file(link, {"A": "2"})
    assert link.is_symlink()
    assert file.read_text() == "A=2\n"
    assert sorted(tmp_path.iterdir()) == [link, file]
