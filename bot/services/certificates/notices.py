"""Notices about one certificate."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.errors import NotFound
from bot.model.certificates.certificates import Certificate, State
from bot.model.certificates.symptoms import Symptom
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
from bot.services.certificates.revocation_outcome import revoked_as_is, turned_away
from bot.services.context import AppContext

_SERVER_BEFORE = "whoever has the server"
"""As what earlier versions stored the name of whoever has no name here: they wait as chores, some for days."""

_Payload = dict[str, Any]
_OfCertificate = Callable[[AppContext, _Payload, Certificate], Awaitable[Notice | None]]


def _about(read: _OfCertificate) -> Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]:
    async def reader(app: AppContext, to: int, payload: _Payload) -> Notice | None:
        del to
        async with app.store.read() as tx:
            try:
                certificate = await tx.certificates.of(payload["certificate"])
            except NotFound:
                return None
        return await read(app, payload, certificate)

    return reader


def _plain(
    kind: Callable[[Certificate], Notice],
) -> Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]:
    async def read(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
        del app, payload
        return kind(certificate)

    return _about(read)


def _taken_back(
    kind: Callable[[Certificate, bool], Notice],
) -> Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]:
    async def read(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
        del payload
        async with app.store.read() as tx:
            old = await tx.renewals.replaced_by(certificate)
        return kind(certificate, bool(old))

    return _about(read)


async def _taken_by_another(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
    by_name = payload["by_name"]
    return TakenByAnother(certificate, None if by_name == _SERVER_BEFORE else by_name, await app.lock_if_told())


async def _not_made(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
    del app
    return NotMade(certificate, payload["why"], payload.get("used", 0), payload.get("quota", 0))


async def _issued(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
    del app
    return IssuedWithoutTap(certificate, payload.get("name", ""))


async def _stuck(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
    return RevokeStuck(certificate, payload["right"], await turned_away(app, certificate))


async def _revoking(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice | None:
    """That Cloudflare does not answer yet; nothing when it has."""
    if certificate.state is not State.REVOKING:
        return None
    at = datetime.fromisoformat(payload["retry_at"])
    return Revoking(certificate, retry_at=at, turned=await turned_away(app, certificate))


async def _restored(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
    del payload
    return Restored(certificate, await app.lock_if_told())


async def _revoked(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice | None:
    """The outcome as it is now; nothing when an Undo has overtaken it."""
    del payload
    if certificate.state not in {State.REVOKING, State.REVOKED}:
        return None
    return await revoked_as_is(app, certificate)


async def _help(app: AppContext, payload: _Payload, certificate: Certificate) -> Notice:
    del app
    return HelpWanted(certificate, Symptom(payload["symptom"]))


READERS: dict[str, Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]] = {
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
