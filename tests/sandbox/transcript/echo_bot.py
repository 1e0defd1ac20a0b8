"""A small bot over the real library, enough to let a transcript be played without the product."""

import asyncio
import contextlib
import io
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from sandbox.world import World

PASSWORD = "apple-brick-cloud"


class EchoBot:
    """Says back what it is told; ``/key NAME`` turns a progress message into a ``.p12`` in three steps.

    ``/poll`` asks Cloudflare first and waits for its answer. *Again* edits, *Gone* deletes, *Tell* pops up.
    """

    def __init__(self, world: World, admins: Sequence[int]) -> None:
        self.admins = admins
        self._world = world
        self._task: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()
        self._offset = 0

    async def start(self) -> None:
        base = self._world.telegram.url
        request, updates = HTTPXRequest(), HTTPXRequest()
        self._bot = Bot(
            self._world.telegram.token, base_url=f"{base}/bot", request=request, get_updates_request=updates
        )
        await self._bot.initialize()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await self.kill()

    async def kill(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._bot.shutdown()

    async def idle(self) -> None:
        async with self._busy:
            return

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(NetworkError):
                updates = await self._bot.get_updates(offset=self._offset, timeout=10)
                async with self._busy:
                    for update in updates:
                        self._offset = update.update_id + 1
                        await self._bot.get_updates(offset=self._offset, timeout=0, limit=1)
                        await self._handle(update)

    async def _handle(self, update: Update) -> None:
        if update.callback_query:
            await self._pressed(update.callback_query)
        elif update.message and update.message.document:
            await update.message.reply_text(f"got {update.message.document.file_name}")
        elif update.message and update.message.users_shared:
            names = ", ".join(str(user.first_name) for user in update.message.users_shared.users)
            await update.message.reply_text(f"picked {names}")
        elif update.message and update.message.text:
            await self._said(update.message, update.message.text)

    async def _said(self, message: Message, text: str) -> None:
        if text.startswith("/key "):
            await self._key(message, text.removeprefix("/key "))
        elif text == "/pick":
            asked = KeyboardButtonRequestUsers(1, user_is_bot=False, request_name=True)
            key = KeyboardButton("Pick somebody", request_users=asked)
            await message.reply_text("whom?", reply_markup=ReplyKeyboardMarkup([[key], ["Nobody"]]))
        elif text == "/poll":
            await self._world_call()
            await message.reply_text("Cloudflare answered")
        elif not text.startswith("/quiet"):
            origin = " (forwarded)" if message.forward_origin else ""
            keyboard = _keyboard(["Again", "Gone"], ["Tell"])
            await message.reply_html(f"you said{origin}:\n\n<b>{text}</b>", reply_markup=keyboard, do_quote=False)

    async def _world_call(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._world.cloudflare.port)
        writer.write(b"GET /client/v4/zones HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        try:
            await reader.read()
        finally:
            writer.close()

    async def _key(self, message: Message, name: str) -> None:
        progress = await message.reply_text("making…")
        await progress.edit_text("asking…")
        file = io.BytesIO(self._p12(name))
        media = InputMediaDocument(file, filename=f"{name}.p12", caption=f"1. type {PASSWORD}\n2. done")
        await progress.edit_media(media, reply_markup=_keyboard(["Gone"]))

    def _p12(self, name: str) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        record = self._world.cloudflare.issue(csr.public_bytes(Encoding.PEM).decode(), 365)
        certificate = record.certificate
        password = BestAvailableEncryption(PASSWORD.encode())
        return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, password)

    async def _pressed(self, query: CallbackQuery) -> None:
        message = query.message
        if query.data == "Tell":
            await query.answer(f"it is\n{query.from_user.first_name}", show_alert=True)
            return
        await query.answer()
        if not isinstance(message, Message) or not message.is_accessible:
            return
        if query.data == "Gone":
            await message.delete()
        elif query.data == "Again":
            await message.edit_text(f"again {self._offset}")
        else:
            await message.reply_text(f"unknown: {query.data}")


def _keyboard(*rows: list[str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text) for text in row] for row in rows])
