"""The table."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import typer

from sandbox.bench import measures
from sandbox.bench.measures import Line

_ALL: dict[str, Callable[[Path], Awaitable[Sequence[Line]]]] = {
    "issuing": measures.issuing,
    "throughput": measures.throughput,
    "load": measures.load,
    "flood": measures.flood,
    "pages": measures.pages,
    "idling": measures.idling,
    "starting": measures.starting,
}


def run(only: Sequence[str] = ()) -> bool:
    """Measure, print a table, and answer whether every target was met."""
    lines: list[Line] = []
    for name, measure in _ALL.items():
        if only and name not in only:
            continue
        typer.echo(f"measuring {name}…", err=True)
        with tempfile.TemporaryDirectory(prefix="bench-") as place:
            lines += asyncio.run(_measured(measure, Path(place)))
    width = max(len(line.what) for line in lines)
    for line in lines:
        typer.echo(f"{line.what:<{width}}  {line.value:>24}  {_ratio(line):>16}  {line.beside}")
    return all(line.most is None or (line.ratio or 0) <= line.most for line in lines)


async def _measured(measure: Callable[[Path], Awaitable[Sequence[Line]]], place: Path) -> Sequence[Line]:
    return await measure(place)


def _ratio(line: Line) -> str:
    if line.ratio is None:
        return ""
    if line.most is None:
        return f"× {line.ratio:.2f}"
    return f"× {line.ratio:.2f} {'≤' if line.ratio <= line.most else '>'} {line.most:g}"
