"""``latchkey setup`` in a process of its own, beside the stand-ins."""

import asyncio
import os
from pathlib import Path

from sandbox.world import World
from tests import preloaded
from tests.patience import LAST_RESORT_SECONDS
from tests.preloaded import Running

ROOT = Path(__file__).parents[2]
WRONG_BOT_TOKEN = "123456789:AAwrongwrongwrongwrongwrongwrongwro"
WRONG_CLOUDFLARE_TOKEN = "cfut_wrongwrongwrongwrongwrongwrongwrongwrong"


class SetUp:
    """The command in a folder of its own, beside the stand-ins."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self.file = folder / ".env"
        folder.mkdir()

    @property
    def bot_token(self) -> str:
        return self.world.telegram.token

    @property
    def cloudflare_token(self) -> str:
        return self.world.cloudflare.token

    def environment(self, **more: str) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")}
        return plain | {
            "PYTHONPATH": str(ROOT),
            "LATCHKEY_TELEGRAM_API": self.world.telegram.url,
            "LATCHKEY_CLOUDFLARE_API": f"{self.world.cloudflare.url}/client/v4",
            **more,
        }

    async def run(self, *answers: str, **more: str) -> tuple[int, str]:
        """Run it with these lines typed in; answers its exit code and all it said."""
        process = await self.start("setup", **more)
        out, _ = await asyncio.wait_for(
            process.communicate("".join(f"{one}\n" for one in answers).encode()), LAST_RESORT_SECONDS
        )
        said = out.decode()
        assert "Traceback" not in said
        for secret in (self.bot_token, self.cloudflare_token, WRONG_BOT_TOKEN, WRONG_CLOUDFLARE_TOKEN):
            assert secret not in said
        return process.returncode or 0, said

    async def start(self, *command: str, **more: str) -> Running:
        environment = self.environment(**more)
        return await preloaded.start(*command, env=environment, cwd=self.folder, typing=True, one_stream=True)

    def settings(self) -> dict[str, str]:
        lines = [line for line in self.file.read_text().splitlines() if line and not line.startswith("#")]
        return dict(line.split("=", 1) for line in lines)
