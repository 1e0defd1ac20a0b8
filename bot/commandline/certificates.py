"""``latchkey revoke`` and ``restore``: certificates without Telegram."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commandline.breakglass import end, later, refuse
from bot.commandline.run_orders import ordered
from bot.errors import EdgeTrouble, NameTaken, NotFound, StaleAction
from bot.model.certificates.certificates import Certificate, State
from bot.model.certificates.names import shown_name
from bot.services.context import AppContext
from bot.services.operator import lock_and_certificates
from bot.services.operator.lock_and_certificates import Outcome

Device = Annotated[
    str | None, typer.Argument(metavar="PERSON/NAME", help="A device; the person by name or Telegram id.")
]


def revoke(
    device: Device = None,
    *,
    serial: Annotated[str | None, typer.Option(metavar="HEX", help="The certificate of that serial number.")] = None,
    person: Annotated[int | None, typer.Option(metavar="ID", help="All of the account with that Telegram id.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All certificates of everybody.")] = False,
) -> None:
    """Revoke certificates at Cloudflare and turn them away by the rule."""
    given = [each for each in (device, serial, person, all_ or None) if each is not None]
    if len(given) != 1 or (device is not None and "/" not in device):
        refuse("Which one? It is one of PERSON/NAME, --serial HEX, --person ID and --all.")
    try:
        done = ordered(
            lambda parts: lock_and_certificates.revoke(parts, _chosen(device, serial, person)), _told_revoked
        )
    except NotFound:
        if serial is None:
            refuse("There is no such certificate in use. Nothing changed.")
        done = _revoke_unknown(serial)
    end(done=done)


def restore(device: Annotated[str, typer.Argument(metavar="PERSON/NAME", help="A device.")]) -> None:
    """Give a revoked certificate back; never that of a lost device."""
    try:
        done = ordered(
            lambda parts: lock_and_certificates.restore(parts, lock_and_certificates.of_device(device)), _told_restored
        )
    except NameTaken:
        refuse("The device has a new certificate already. Nothing changed.")
    except StaleAction:
        refuse("That device was lost: its certificate never comes back. Make a new one.")
    except NotFound:
        refuse("There is no revoked certificate of such a device. Nothing changed.")
    end(done=done)


def _chosen(device: str | None, serial: str | None, person: int | None) -> Callable[[Certificate], bool]:
    if device is not None:
        return lock_and_certificates.of_device(device)
    if serial is not None:
        return lock_and_certificates.of_serial(serial)
    return lock_and_certificates.of_everybody if person is None else lock_and_certificates.of_person(person)


async def _told_revoked(app: AppContext, public_ids: tuple[str, ...]) -> bool:
    outcomes = await lock_and_certificates.outcomes(app, public_ids)
    for outcome in outcomes:
        _say_revoked(outcome)
    return all(outcome.is_out for outcome in outcomes)


def _say_revoked(outcome: Outcome) -> None:
    certificate = outcome.certificate
    name = _named(certificate)
    if certificate.state is State.FAILED:
        typer.echo(f"{name}: it was being made; stopped.")
        return
    sure = certificate.state is State.REVOKED
    at_cloudflare = "revoked at Cloudflare" if sure else "Cloudflare has not confirmed it yet"
    if not outcome.demanded:
        rule = "no host is locked by a rule of mine"
    elif certificate.blocked_at is not None:
        rule = "turned away by the rule"
    else:
        rule = "not in the rule yet"
    if outcome.is_out:
        typer.echo(f"{name}: {at_cloudflare}; {rule}.")
    else:
        later(f"{name}: {at_cloudflare}; {rule}")


async def _told_restored(app: AppContext, public_ids: tuple[str, ...]) -> bool:
    (outcome,) = await lock_and_certificates.outcomes(app, public_ids)
    certificate = outcome.certificate
    name = _named(certificate)
    if certificate.state is State.ACTIVE and certificate.blocked_at is None:
        typer.echo(f"{name}: it works again.")
        return True
    if certificate.state in {State.REVOKING, State.REVOKED}:
        typer.echo(f"{name}: Cloudflare does not take it back. Make a new one.", err=True)
        return False
    return later(f"{name}: it is being given back")


def _revoke_unknown(serial: str) -> bool:
    try:
        return ordered(lambda parts: lock_and_certificates.revoke_unknown(parts, serial), _told_unknown)
    except NotFound:
        refuse("Neither I nor Cloudflare know a certificate of that serial number. Nothing changed.")
    except EdgeTrouble as trouble:
        refuse(f"Not done: Cloudflare did not revoke it ({type(trouble).__name__}). Please try again.")


async def _told_unknown(app: AppContext, public_ids: tuple[str, ...]) -> bool:
    if not public_ids:
        typer.echo("Revoked at Cloudflare. It is none of mine, so the rule does not name it.")
        return True
    typer.echo("It was unknown here: I wrote it down as the first admin's, to revoke it as any other.")
    return await _told_revoked(app, public_ids)


def _named(certificate: Certificate) -> str:
    return f"{shown_name(certificate.device.owner_name)}/{shown_name(certificate.device.name)}"
