"""The sandbox on the command line: its stand-ins one by one or together, transcripts, the story of the first day."""

import asyncio
import logging
import secrets
import signal
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from sandbox.addresses import publish_address, publish_admins, token_of
from sandbox.clock import SandboxClock
from sandbox.cloudflare import CloudflareStandin
from sandbox.cloudflare.zone import Preset
from sandbox.edge import EdgeStandin
from sandbox.standin import Standin
from sandbox.telegram import TelegramStandin
from sandbox.transcript import Story, TranscriptError, play
from sandbox.transcript.parser import read_people
from sandbox.world import DEFAULT_HOSTS, BotFactory, World, zone_name

FIRST_DAY: Final = Path(__file__).parents[1] / "tests" / "transcripts" / "first_day.txt"

Directory = Annotated[Path, typer.Option(help="What the processes of one sandbox share: clock, zone, addresses.")]
Zone = Annotated[Preset, typer.Option(help="How the zone starts; a directory that was used before goes on as it was.")]
People = Annotated[str, typer.Option(help="Who has the bot in their phone, as in transcripts.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Where it answers; 0: a free one.")]
ControlPort = Annotated[int, typer.Option(min=0, max=65535, help="Where it is controlled; 0: a free one.")]

_HERE = Path("data/sandbox")
_PEOPLE = "Anna admin, Tom"

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def telegram(
    directory: Directory = _HERE, people: People = _PEOPLE, port: Port = 0, control_port: ControlPort = 0
) -> None:
    """Telegram's Bot API and the people's phones (on the control port)."""
    standin = TelegramStandin(SandboxClock(directory / "clock"), token=token_of(directory))
    for person in (told := read_people(people)):
        standin.join(person.name)
    admins = [number for number, person in zip(standin.phones, told, strict=True) if "admin" in person.roles]
    publish_admins(directory, admins)
    asyncio.run(_serve([standin], directory, {standin.name: (port, control_port)}))


@app.command()
def cloudflare(
    directory: Directory = _HERE, zone: Zone = "documented", port: Port = 0, control_port: ControlPort = 0
) -> None:
    """Cloudflare's API for one zone."""
    clock = SandboxClock(directory / "clock")
    standin = CloudflareStandin(clock, directory, zone_name=zone_name(DEFAULT_HOSTS), preset=zone)
    asyncio.run(_serve([standin], directory, {standin.name: (port, control_port)}))


@app.command()
def edge(directory: Directory = _HERE, port: Port = 0, control_port: ControlPort = 0) -> None:
    """Cloudflare's edge for the zone of the directory, with services behind it."""
    standin = EdgeStandin(SandboxClock(directory / "clock"), directory)
    asyncio.run(_serve([standin], directory, {standin.name: (port, control_port)}))


@app.command()
def bot(directory: Directory = _HERE) -> None:
    """The real bot, against the stand-ins that run on the directory."""
    from sandbox.bot import run_bot  # noqa: PLC0415 -- the stand-ins alone need nothing of the bot

    asyncio.run(_until_told(run_bot(directory)))


@app.command(name="all")
def together(
    directory: Directory = _HERE,
    zone: Zone = "documented",
    people: People = _PEOPLE,
    telegram_port: Port = 0,
    cloudflare_port: Port = 0,
    edge_port: Port = 0,
) -> None:
    """All stand-ins and the real bot in one process."""
    ports = {"telegram": (telegram_port, 0), "cloudflare": (cloudflare_port, 0), "edge": (edge_port, 0)}
    world = World(directory, bot=_real_bot(), people=read_people(people), preset=zone, ports=ports)
    asyncio.run(_live(world))


@app.command()
def demo(
    browser: Annotated[bool, typer.Option(help="Open the browser, where there is one.")] = True,
    port: Port = 0,
) -> None:
    """The page with the phones, until Ctrl-C."""
    from sandbox.demo import demo as show  # noqa: PLC0415 -- as above

    asyncio.run(show(open_browser=browser, port=port))


@app.command()
def chaos(
    seed: Annotated[str, typer.Option(help="What is done is drawn from it alone; else a new one.")] = "",
    minutes: Annotated[float, typer.Option(help="How long.")] = 0.0,
    actions: Annotated[int, typer.Option(help="Or how much.")] = 0,
    kills: Annotated[int, typer.Option(help="Or how many kills.")] = 0,
    episode: Annotated[int | None, typer.Option(help="Only this one, to play it again.")] = None,
    length: Annotated[int, typer.Option(min=1, help="Actions an episode.")] = 120,
    percent: Annotated[float, typer.Option(min=0, max=50, help="How many of all calls meet trouble.")] = 5.0,
    killing: Annotated[float, typer.Option(min=0, help="How much more often than usual the bot is killed.")] = 1.0,
    keep_going: Annotated[bool, typer.Option(help="Do not stop at what is wrong.")] = False,
) -> None:
    """Random people, trouble, kills and clock jumps against the real bot; ends with 1 when something is wrong."""
    from sandbox.chaos.run import Wanted, run  # noqa: PLC0415 -- as above

    seed = seed or secrets.token_hex(4)
    if not (minutes or actions or kills):
        minutes = 1.0
    wanted = Wanted(seed, minutes, actions, kills, episode, length, percent, killing, keep_going)
    raise typer.Exit(1 if run(wanted).wrong else 0)


@app.command(name="play")
def play_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Transcripts.")],
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell the chat as it happens.")] = False,
) -> None:
    """Play transcripts, each against a fresh sandbox."""
    failed = 0
    for file in files:
        failed += not _played(file, story=Story(sys.stdout) if verbose else None, kept=None)
    raise typer.Exit(1 if failed else 0)


@app.command()
def bench(
    only: Annotated[
        list[str] | None, typer.Argument(help="issuing, throughput, load, flood, pages, idling, starting; all.")
    ] = None,
) -> None:
    """How fast the bot is, as a table; exit 1 when a target is missed."""
    from sandbox.bench.run import run  # noqa: PLC0415 -- the stand-ins alone need nothing of the bot

    raise typer.Exit(0 if run(only or ()) else 1)


@app.command()
def story(
    keep: Annotated[
        Path | None, typer.Option(help="Where to leave the .p12 files; else a new temporary folder.")
    ] = None,
) -> None:
    """Play the first day and print the chat as it happens."""
    kept = keep or Path(tempfile.mkdtemp(prefix="first-day-"))
    kept.mkdir(parents=True, exist_ok=True)
    good = _played(FIRST_DAY, story=Story(sys.stdout), kept=kept)
    print(f"\nThe .p12 files are in {kept.resolve()}")
    raise typer.Exit(0 if good else 1)


def _played(file: Path, *, story: Story | None, kept: Path | None) -> bool:
    try:
        asyncio.run(play(file, _real_bot(), story=story, kept=kept))
    except TranscriptError as wrong:
        if story is None:
            print(f"{wrong}\n", file=sys.stderr)
        print(f"{file}: not as told", file=sys.stderr)
        return False
    print(f"{file}: as told")
    return True


def _real_bot() -> BotFactory:
    from bot import log  # noqa: PLC0415 -- as above
    from sandbox.bot import SandboxBot  # noqa: PLC0415 -- as above

    log.set_up("console", level=logging.WARNING)
    return SandboxBot


async def _serve(standins: Sequence[Standin], directory: Path, ports: dict[str, tuple[int, int]]) -> None:
    try:
        for standin in standins:
            port, control_port = ports[standin.name]
            await standin.start(port=port, control_port=control_port)
            publish_address(directory, standin)
        _tell(standins)
        await _until_signal()
    finally:
        for standin in standins:
            await standin.stop()


async def _live(world: World) -> None:
    async with world:
        _tell(list(world.standins.values()))
        await _until_signal()


def _tell(standins: Sequence[Standin]) -> None:
    for standin in standins:
        print(f"{standin.name:<11} {standin.url}  control {standin.control_url}", flush=True)


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it is done or the process is told to end."""
    ways = [asyncio.create_task(work), asyncio.create_task(_until_signal())]
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
    for way in done:
        way.result()


async def _until_signal() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()


if __name__ == "__main__":
    app()
