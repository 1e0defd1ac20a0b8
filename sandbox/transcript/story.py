"""A transcript as it is told while it is played: a chat on the terminal."""

from datetime import UTC
from typing import Final, TextIO

from sandbox.telegram import ChatEvent
from sandbox.transcript import actions, environment
from sandbox.transcript.actions import ELSEWHERE
from sandbox.transcript.expectations import message_text
from sandbox.transcript.parser import Step
from sandbox.transcript.patterns import filled
from sandbox.world import World

_BOLD, _DIM, _BLUE, _GREEN, _YELLOW, _RED = "1", "2", "34", "32", "33", "31"
_BESIDE: Final = 9
_VERBS: Final = {"new": "", "edit": " (changed)", "popup": " (pop-up)", "toast": " (for a moment)"}


class Story:
    """Prints to ``out``, in colours only where that is a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._colours = out.isatty()
        self._told = 0

    def step(self, step: Step, world: World, caught: dict[str, str]) -> None:
        """Tell what is about to be done."""
        self.events(world)
        action = step.action
        if isinstance(action, environment.Notes):
            self._print(f"\n{self._in(_BOLD, f'── {action.text} ──')}\n")
        elif isinstance(action, actions.Says) and action.how == "writes":
            self._say(world, action.person, _BLUE, filled(action.text, caught).replace("\\n", "\n"))
        elif isinstance(action, environment.Opens):
            self._print(f"{self._time(world)}  {self._in(_DIM, f'{action.device} opens {action.url} …')}")
        else:
            self._print(f"{self._time(world)}  {self._in(_DIM, _known(step.text, caught))}")

    def done(self, step: Step) -> None:
        """Tell that it went as told, where that shows nowhere else."""
        action = step.action
        if isinstance(action, environment.Opens):
            status = str(action.status or "no connection")
            says = f" “{action.body}”" if action.body else ""
            self._print(" " * _BESIDE + self._in(_GREEN, "✓ ") + self._in(_BOLD, status) + says)
        elif isinstance(action, environment.Installs):
            told = "does not open, as it should be" if action.fails else f"installed on {action.device}"
            self._print(" " * _BESIDE + self._in(_GREEN, "✓ ") + told)

    def events(self, world: World) -> None:
        """Tell what the phones saw since the last look."""
        for chat_id, event in world.telegram.shown_events(self._told):
            self._told = max(self._told, event.sequence)
            self._event(world, _whose(world, chat_id), event)

    def failed(self, text: str) -> None:
        """Tell what went wrong."""
        self._print(f"\n{self._in(_RED, '✗')} {text}")

    async def follow(self, world: World) -> None:
        """Tell events as they come, until cancelled."""
        while True:
            more = world.telegram.account.more_events
            self.events(world)
            await more.wait()

    def _event(self, world: World, who: str, event: ChatEvent) -> None:
        if event.kind == "gone":
            first = message_text(event.message, event.text).partition("\n")[0]
            self._print(f"{self._time(world)}  {self._in(_RED, '✗')} {self._in(_DIM, f'gone from {who}: {first}')}")
            return
        to = "" if len(world.people) == 1 else f" → {who}"
        self._say(world, f"Latchkey{to}{_VERBS[event.kind]}", _GREEN, message_text(event.message, event.text))
        for row in event.message.rows if event.message else ():
            buttons = "  ".join(self._in(_YELLOW, f"[{button.text}]") for button in row)
            self._print(" " * _BESIDE + buttons)

    def _say(self, world: World, who: str, colour: str, text: str) -> None:
        first, *more = text.split("\n")
        self._print(f"{self._time(world)}  {self._in(colour, who)}: {first}")
        for line in more:
            self._print(" " * _BESIDE + line)

    def _time(self, world: World) -> str:
        return self._in(_DIM, f"{world.clock.now().astimezone(UTC):%H:%M}") + "  "

    def _in(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def _whose(world: World, chat_id: int) -> str:
    names = {phone.user_id: name for name, phone in world.people.items()}
    return (names | ELSEWHERE).get(chat_id, str(chat_id))


def _known(text: str, caught: dict[str, str]) -> str:
    for name, value in caught.items():
        text = text.replace(f"{{{name}}}", value)
    return text
