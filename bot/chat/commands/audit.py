"""/audit: the record in words, by person, as a file."""

from bot.chat.context import RequestContext
from bot.chat.messages.audit import pages
from bot.services import audit as services_audit
from bot.services.notifier import ChatFile


async def audit(context: RequestContext) -> None:
    """Show what happened last."""
    result = await services_audit.page(context.app, context.actor)
    await context.say(pages.page(result, context.locale))


async def page(context: RequestContext) -> None:
    """Turn to another page, about everybody or about the person pressed."""
    result = await services_audit.page(
        context.app, context.actor, _number(context.callback.arg), context.callback.subject
    )
    await context.change(pages.page(result, context.locale))


async def people(context: RequestContext) -> None:
    """Show about whom the record can be asked."""
    result = await services_audit.people(context.app, context.actor, _number(context.callback.arg))
    await context.change(pages.people(result, context.locale))


async def file(context: RequestContext) -> None:
    """Send all of it as a file."""
    result = await services_audit.as_file(context.app, context.actor)
    name = f"latchkey-audit-{context.locale.now:%Y-%m-%d}.jsonl"
    await context.send(ChatFile(name, result.content), pages.file(result, context.locale))


def _number(arg: str) -> int:
    return int(arg) if arg.isdecimal() else 0
