"""Notices about one certificate."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.errors import Unknown
from bot.model.certificates import Certificate, State
from bot.model.notices import (
    Forgotten,
    FoundActive,
    HelpWanted,
    IssuedWithoutTap,
    NeverOpened,
    Notice,
    NotMade,
    PerhapsArrived,
    Restored,
    RestoreRefused,
    Revoked,
    RevokeStuck,
    Revoking,
    StepsAgain,
    TakenByAnother,
    Tidied,
)
from bot.model.symptoms import Symptom
from bot.services.outcomes import revoked_as_is, turned_away
from bot.services.parts import Parts

_SERVER_BEFORE = "whoever has the server"
"""As what earlier versions stored the name of whoever has no name here: they wait as chores, some for days."""

_Payload = dict[str, Any]
_OfCertificate = Callable[[Parts, _Payload, Certificate], Awaitable[Notice | None]]


def _about(read: _OfCertificate) -> Callable[[Parts, int, _Payload], Awaitable[Notice | None]]:
    async def reader(parts: Parts, to: int, payload: _Payload) -> Notice | None:
        del to
        async with parts.store.read() as tx:
            try:
                certificate = await tx.certificates.of(payload["certificate"])
            except Unknown:
                return None
        return await read(parts, payload, certificate)

    return reader


def _plain(
    kind: Callable[[Certificate], Notice],
) -> Callable[[Parts, int, _Payload], Awaitable[Notice | None]]:
    async def read(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
        del parts, payload
        return kind(certificate)

    return _about(read)


def _taken_back(
    kind: Callable[[Certificate, bool], Notice],
) -> Callable[[Parts, int, _Payload], Awaitable[Notice | None]]:
    async def read(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
        del payload
        async with parts.store.read() as tx:
            old = await tx.renewals.replaced_by(certificate)
        return kind(certificate, bool(old))

    return _about(read)


async def _taken_by_another(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
    by_name = payload["by_name"]
    return TakenByAnother(certificate, None if by_name == _SERVER_BEFORE else by_name, await parts.lock_if_told())


async def _not_made(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
    del parts
    return NotMade(certificate, payload["why"], payload.get("used", 0), payload.get("quota", 0))


async def _issued(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
    del parts
    return IssuedWithoutTap(certificate, payload.get("name", ""))


async def _stuck(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
    return RevokeStuck(certificate, payload["right"], await turned_away(parts, certificate))


async def _revoking(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice | None:
    """That Cloudflare does not answer yet; nothing when it has."""
    if certificate.state is not State.REVOKING:
        return None
    at = datetime.fromisoformat(payload["retry_at"])
    return Revoking(certificate, retry_at=at, turned=await turned_away(parts, certificate))


async def _restored(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
    del payload
    return Restored(certificate, await parts.lock_if_told())


async def _revoked(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice | None:
    """The outcome as it is now; nothing when an Undo has overtaken it."""
    del payload
    if certificate.state not in {State.REVOKING, State.REVOKED}:
        return None
    return await revoked_as_is(parts, certificate)


async def _help(parts: Parts, payload: _Payload, certificate: Certificate) -> Notice:
    del parts
    return HelpWanted(certificate, Symptom(payload["symptom"]))


READERS: dict[str, Callable[[Parts, int, _Payload], Awaitable[Notice | None]]] = {
    FoundActive.__name__: _plain(FoundActive),
    Forgotten.__name__: _taken_back(Forgotten),
    IssuedWithoutTap.__name__: _about(_issued),
    NeverOpened.__name__: _taken_back(NeverOpened),
    PerhapsArrived.__name__: _plain(PerhapsArrived),
    RestoreRefused.__name__: _plain(RestoreRefused),
    Tidied.__name__: _plain(Tidied),
    TakenByAnother.__name__: _about(_taken_by_another),
    HelpWanted.__name__: _about(_help),
    StepsAgain.__name__: _plain(StepsAgain),
    NotMade.__name__: _about(_not_made),
    RevokeStuck.__name__: _about(_stuck),
    Restored.__name__: _about(_restored),
    Revoked.__name__: _about(_revoked),
    Revoking.__name__: _about(_revoking),
}
