"""Reading a call's parameters, and refusing what is not in the table."""

import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.telegram.errors import BadRequestError, BotApiError
from sandbox.telegram.methods import METHODS, SUBTYPES, TYPES, Field, Fields

_ATTACH = "attach://"


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    file_name: str
    data: bytes


class _WrongTypeError(Exception):
    """The value is not of that type; says where."""


@dataclass(frozen=True)
class _Read:
    values: dict[str, Any]


_READ = web.RequestKey("parameters", _Read)


async def read(request: web.Request) -> dict[str, Any]:
    """All parameters as they came: strings from forms and query, JSON values from a JSON body. Read once a request."""
    if _READ not in request:
        request[_READ] = _Read(await _read(request))
    return dict(request[_READ].values)


async def _read(request: web.Request) -> dict[str, Any]:
    values: dict[str, Any] = dict(request.query)
    if request.method == "GET" or not request.body_exists:
        return values
    if request.content_type == "application/json":
        return values | _json_body(await request.text())
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file:
                values[name] = Upload(value.filename, value.file.read())
        else:
            values[name] = value
    return values


def _json_body(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text or "{}")
    except ValueError:
        raise BadRequestError("can't parse JSON body") from None
    if not isinstance(body, dict):
        raise BadRequestError("JSON body must be an object")
    return body


async def outline(request: web.Request) -> dict[str, Any]:
    """The parameters for the list of calls: JSON unfolded, of a file only its name and size in bytes."""
    try:
        values = await read(request)
    except BotApiError:
        return {}
    return {name: _outlined(value) for name, value in values.items()}


def _outlined(value: Any) -> Any:
    if isinstance(value, Upload):
        return {"file_name": value.file_name, "size": len(value.data)}
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def checked(method: str, values: dict[str, Any]) -> dict[str, Any]:
    """The parameters in their types; an ``attach://`` media is replaced by its upload.

    Raises:
        BotApiError: 404, no such method; 400, a parameter unknown, missing or of the wrong type, or a
            file that nothing refers to.
    """
    if method not in METHODS:
        raise BotApiError(404, "Not Found: method not found")
    fields = METHODS[method]
    uploads = {name: value for name, value in values.items() if isinstance(value, Upload)}
    plain = {name: value for name, value in values.items() if name not in uploads or _takes_file(fields.get(name))}
    try:
        typed = _object(plain, fields, method, form=True)
    except _WrongTypeError as wrong:
        raise BadRequestError(str(wrong)) from None
    loose = set(uploads) - set(plain)
    media = typed.get("media")
    if media and media["media"].startswith(_ATTACH):
        name = media["media"].removeprefix(_ATTACH)
        if name not in loose:
            raise BadRequestError("wrong file identifier/HTTP URL specified")
        media["media"] = uploads[name]
        loose.discard(name)
    if loose:
        raise BadRequestError(f"files that no parameter refers to: {', '.join(sorted(loose))}")
    return typed


def _takes_file(field: Field | None) -> bool:
    return field is not None and "InputFile" in field.types


def _object(values: dict[str, Any], fields: Fields, where: str, *, form: bool) -> dict[str, Any]:
    for name in values:
        if name not in fields:
            raise _WrongTypeError(f"{where} has no parameter {name!r} here")
    for name, field in fields.items():
        if field.required and (name not in values or values[name] in ("", None) if form else name not in values):
            raise _WrongTypeError(_MISSING.get(name, f"parameter {name!r} of {where} is required"))
    return {name: _first(value, fields[name].types, f"{where}.{name}", form=form) for name, value in values.items()}


# Telegram's own words where they are known.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "document": "there is no document in the request",
}


def _first(value: Any, types: tuple[str, ...], where: str, *, form: bool) -> Any:
    """The value as the first of the types that it can be."""
    objects = [name for name in types if name in TYPES]
    if len(objects) > 1:
        return _convert(value, _likely(value, objects, where, form=form), where, form=form)
    for name in types[:-1]:
        try:
            return _convert(value, name, where, form=form)
        except _WrongTypeError:
            continue
    return _convert(value, types[-1], where, form=form)


def _likely(value: Any, names: list[str], where: str, *, form: bool) -> str:
    fields = _unfolded(value, dict, where, form=form)
    for name in names:
        if any(field.required and key in fields for key, field in TYPES[name].items()):
            return name
    raise _WrongTypeError(f"{where} must be one of {', '.join(names)}")


def _convert(value: Any, kind: str, where: str, *, form: bool) -> Any:
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        items = _unfolded(value, list, where, form=form)
        return [_convert(item, inner, f"{where}[{n}]", form=False) for n, item in enumerate(items)]
    if kind in SUBTYPES:
        fields = _unfolded(value, dict, where, form=form)
        kind = SUBTYPES[kind].get(str(fields.get("type")), "")
        if not kind:
            raise _WrongTypeError(f"{where} is of type {fields.get('type')!r}, which is not served here")
    if kind in TYPES:
        return _object(_unfolded(value, dict, where, form=form), TYPES[kind], where, form=False)
    return _scalar(value, kind, where, form=form)


def _unfolded(value: Any, kind: type, where: str, *, form: bool) -> Any:
    if form and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise _WrongTypeError(f"can't parse {where} as JSON") from None
    if not isinstance(value, kind):
        raise _WrongTypeError(f"{where} must be {'an Array' if kind is list else 'an Object'}")
    return value


def _scalar(value: Any, kind: str, where: str, *, form: bool) -> Any:
    if kind == "Boolean" and form and isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    if kind == "Integer" and form and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        return int(value)
    wanted = {"Boolean": bool, "Integer": int, "String": str, "InputFile": Upload}[kind]
    if not isinstance(value, wanted) or (kind == "Integer" and isinstance(value, bool)):
        raise _WrongTypeError(f"{where} must be of type {kind}")
    return value
