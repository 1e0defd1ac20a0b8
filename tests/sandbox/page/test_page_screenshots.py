"""The pictures for the documents."""

import struct
from pathlib import Path

import pytest

from sandbox.page.driver import chromium
from sandbox.page.screenshots import take


@pytest.mark.skipif(chromium() is None, reason="Chromium is not installed: apt-get install chromium")
async def test_there_is_a_small_picture_of_each_step(tmp_path: Path) -> None:
    pictures = await take(tmp_path / "images")
    assert {name.split("-")[1] for name in (picture.stem for picture in pictures) if name.startswith("tour")} == set(
        "1234567"
    )
    for picture in pictures:
        data = picture.read_bytes()
        assert len(data) <= 150_000
        width, height = struct.unpack(">II", data[16:24])
        assert (width, height) in {(1240, 800), (360, 740)}
