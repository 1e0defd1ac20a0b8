import io
from pathlib import Path

import pytest

from sandbox.transcript import Story, TranscriptError
from tests.sandbox.transcript.test_transcript_player import played


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "day.txt"


async def test_the_story_reads_like_a_chat(written: Path) -> None:
    out = io.StringIO()
    await played(
        written,
        """
note: Morning
Anna: /key pixel8
  < making…
  ~ <file: pixel8.p12>
    1. type {password}
    2. done
  [Gone]
Anna installs pixel8.p12 with {password} on pixel8
pixel8 opens https://ha.example.com/ -> 200
Anna taps [Gone]
  x …
""",
        story=Story(out),
    )
    told = [line[9:] if line[:1].isdigit() else line for line in out.getvalue().splitlines()]
    assert told == [
        "",
        "── Morning ──",
        "",
        "Anna: /key pixel8",
        "Latchkey → Anna: making…",
        "Latchkey → Anna (changed): asking…",
        "Latchkey → Anna (changed): <file: pixel8.p12>",
        "         1. type apple-brick-cloud",
        "         2. done",
        "         [Gone]",
        "Anna installs pixel8.p12 with apple-brick-cloud on pixel8",
        "         ✓ installed on pixel8",
        "pixel8 opens https://ha.example.com/ …",
        "         ✓ 200",
        "Anna taps [Gone]",
        "✗ gone from Anna: <file: pixel8.p12>",
    ]


async def test_a_story_that_fails_says_where(written: Path) -> None:
    out = io.StringIO()
    with pytest.raises(TranscriptError):
        await played(written, "Anna: hello\n", story=Story(out))
    assert f"✗ {written}:2: Anna: hello" in out.getvalue()
