"""``python -m bot.health``: whether the running bot hears from Telegram; exit 1 when it does not.

A container asks this once a minute, for years. It imports next to nothing: reading all the settings, as ``latchkey
health`` does, costs two seconds of a small machine each time.
"""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.heartbeat import Heartbeat

_NAME = "LATCHKEY_DATABASE"
_DEFAULT = Path("data/latchkey.sqlite3")


class _WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def database(environment: Mapping[str, str], env_file: Path = Path(".env")) -> Path:
    """Where the settings say the database is: as ``bot.settings.load`` reads that one setting.

    Raises:
        OSError: a file that is named cannot be read.
    """
    given = environment
    if not {_NAME, f"{_NAME}_FILE"} & given.keys() and env_file.is_file():
        # Imported only where there is such a file: in a container there is none.
        from dotenv import dotenv_values  # noqa: PLC0415

        given = {name: value for name, value in dotenv_values(env_file).items() if value is not None}
    named = given.get(_NAME) or (
        Path(given[f"{_NAME}_FILE"]).read_text(encoding="utf-8").strip() if given.get(f"{_NAME}_FILE") else ""
    )
    return Path(named) if named else _DEFAULT


def line(heartbeat: Heartbeat) -> str:
    """What is so, in one line."""
    age = heartbeat.age()
    heard = "never" if age is None else f"{max(0, int(age.total_seconds()))} s ago"
    return f"{'alive' if heartbeat.is_alive() else 'not alive'}: Telegram last answered {heard}."


def main(arguments: list[str]) -> int:
    """Say it, unless ``--quiet``; the exit code is 0 when the bot is alive."""
    try:
        heartbeat = Heartbeat(database(os.environ), _WallClock())
    except OSError:
        return 1
    if "--quiet" not in arguments:
        sys.stdout.write(line(heartbeat) + "\n")
    return 0 if heartbeat.is_alive() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
