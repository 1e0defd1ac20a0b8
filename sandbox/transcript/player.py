"""Plays a transcript against a fresh sandbox and compares all that comes with what it tells."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sandbox.cloudflare.envelope import Refusal
from sandbox.transcript.actions import ELSEWHERE, Stage
from sandbox.transcript.errors import CannotDoError, TranscriptError
from sandbox.transcript.expectations import Mismatch, compare, seen_events
from sandbox.transcript.parser import Step, Transcript, parse
from sandbox.transcript.story import Story
from sandbox.world import BotFactory, World


async def play(
    file: Path,
    bot: BotFactory,
    *,
    directory: Path | None = None,
    story: Story | None = None,
    kept: Path | None = None,
) -> None:
    """Play the transcript in ``file`` with a bot of its own.

    The sandbox lives in ``directory``, which must be fresh; without one in a temporary one. ``story`` tells it
    meanwhile; ``kept`` is an existing folder for copies of the ``.p12`` files that people install. Raises
    ``TranscriptError`` at the first line that is wrong or does not come true.
    """
    transcript = load(file)
    with contextlib.ExitStack() as stack:
        place = directory or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-")))
        await play_in(world_of(transcript, place, bot), transcript, story=story, kept=kept)


def load(file: Path) -> Transcript:
    """Read the transcript in a file; raises ``TranscriptError``."""
    return parse(file.read_text(encoding="utf-8"), str(file))


def world_of(transcript: Transcript, directory: Path, bot: BotFactory | None) -> World:
    """The sandbox, not yet started, that a transcript's headers ask for."""
    return World(directory, bot=bot, people=transcript.people, hosts=transcript.hosts, preset=transcript.preset)


async def play_in(
    world: World, transcript: Transcript, *, story: Story | None = None, kept: Path | None = None
) -> dict[str, str]:
    """Start the world, play all steps, stop it; returns what was caught. Raises ``TranscriptError``."""
    stage = Stage(world, kept=kept)
    async with world, _told(story, world):
        await world.settle()
        for step in transcript.steps:
            with _placed(step, transcript):
                if story:
                    story.step(step, world, stage.caught)
                await step.action.perform(stage)
                if story:
                    story.done(step)
                await world.settle()
                _compare(step, stage)
    return stage.caught


def _compare(step: Step, stage: Stage) -> None:
    names = ELSEWHERE | {phone.user_id: name for name, phone in stage.world.people.items()}
    fresh = stage.world.telegram.shown_events(stage.position)
    stage.position += len(fresh)
    seen = seen_events([(names[chat_id], event) for chat_id, event in fresh]) + stage.own
    stage.own = []
    stage.caught = compare(step.expected, seen, stage.caught)


@contextlib.contextmanager
def _placed(step: Step, transcript: Transcript) -> Iterator[None]:
    """Turn what goes wrong within into an error that names the line."""
    try:
        yield
    except Mismatch as wrong:
        reason = f"{step.text}\n{wrong}"
        raise TranscriptError(wrong.line or step.line, reason, transcript.source) from wrong
    except Refusal as refused:
        raise TranscriptError(step.line, f"Cloudflare refuses: {refused.message}", transcript.source) from refused
    except (CannotDoError, LookupError, OSError, RuntimeError, ValueError) as wrong:
        raise TranscriptError(step.line, f"{step.text}\n{wrong}", transcript.source) from wrong


@contextlib.asynccontextmanager
async def _told(story: Story | None, world: World) -> AsyncIterator[None]:
    """Let the story follow what happens; in the end it has told everything."""
    if story is None:
        yield
        return
    following = asyncio.create_task(story.follow(world))
    try:
        yield
    except TranscriptError as wrong:
        story.events(world)
        story.failed(str(wrong))
        raise
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        story.events(world)
