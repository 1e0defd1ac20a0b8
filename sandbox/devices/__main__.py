"""``python -m sandbox.devices``: write the table of ``docs/devices.md`` anew."""

import asyncio
import sys

from sandbox.devices.table import PAGE, put, table


def main() -> None:
    """Open everything, write the page."""
    made = asyncio.run(table(lambda line: print(line, file=sys.stderr)))
    PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
    print(made)


if __name__ == "__main__":
    main()
