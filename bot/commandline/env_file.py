"""Changing single settings in an ``.env`` file: every other line stays as it is, byte for byte."""

import io
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.errors import InvalidSetting
from bot.settings import FILE_SUFFIX

_MODE = 0o600


def change_env_file(file: Path, values: Mapping[str, str]) -> None:
    """Give settings these values, or ones that need none of ``.env``'s quoting; at once or not at all, mode 0600.

    A file that is not there begins as a copy of ``.env.example``, where that is.

    Raises:
        SettingWrong: it cannot be read or written.
    """
    target = file.resolve()
    example = target.with_name(".env.example")
    try:
        source = next((one for one in (target, example) if one.is_file()), None)
        before = source.read_bytes().decode("utf-8") if source else ""
        _replace(target, with_settings(before, values))
    except UnicodeDecodeError:
        raise InvalidSetting(f"{file} cannot be read: it must be a text file in UTF-8.") from None
    except OSError as error:
        raise InvalidSetting(f"{file} cannot be written: {error.strerror}.") from None


def with_settings(text: str, values: Mapping[str, str]) -> str:
    """``text`` with these settings: the last line of a name takes its value, further ones of it go."""
    bindings = list(parse_stream(io.StringIO(text, newline="")))
    last = {binding.key: place for place, binding in enumerate(bindings)}
    pieces = [_piece(place, binding, last, values) for place, binding in enumerate(bindings)]
    pieces = [piece for piece in pieces if piece]
    missing = [name for name in values if name not in last]
    if missing and pieces and not pieces[-1].endswith("\n"):
        pieces.append("\n")
    return "".join([*pieces, *(f"{name}={values[name]}\n" for name in missing)])


def _piece(place: int, binding: Binding, last: Mapping[str | None, int], values: Mapping[str, str]) -> str:
    original = binding.original.string
    name = binding.key
    if name is None:
        return original
    if name.removesuffix(FILE_SUFFIX) in values and name not in values:
        # A file is named for what has a value here now: both together would stop the start.
        return f"# {original.lstrip()}"
    if name not in values:
        return original
    # What stands before the line (the parser counts blank lines to it) stays there.
    blank = original[: len(original) - len(original.lstrip())]
    return f"{blank}{name}={values[name]}\n" if place == last[name] else ""


def _replace(target: Path, text: str) -> None:
    fresh = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
