"""The Bot API's methods over an account; messages are in ``messages``."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sandbox.telegram.account import Account
from sandbox.telegram.errors import BadRequestError, BotApiError
from sandbox.telegram.formatting import utf16_length
from sandbox.telegram.messages import Messages, Params

# Telegram gives no number; reports speak of 10 to 20 seconds.
ANSWER_WITHIN = timedelta(seconds=15)
MAX_ANSWER = 200

_MAX_COMMANDS = 100
_MAX_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")

Method = Callable[[Params], Any]


class BotApi:
    """Calls by method name."""

    def __init__(self, account: Account) -> None:
        self._account = account
        messages = Messages(account)
        self._methods: dict[str, Method] = {
            "getMe": self._me,
            "getUpdates": self._updates,
            "sendMessage": messages.send_message,
            "sendDocument": messages.send_document,
            "editMessageText": messages.edit_text,
            "editMessageMedia": messages.edit_media,
            "editMessageReplyMarkup": messages.edit_markup,
            "deleteMessage": messages.delete,
            "deleteMessages": messages.delete_many,
            "sendChatAction": messages.chat_action,
            "answerCallbackQuery": self._answer,
            "getFile": self._file,
            "setMyCommands": self._set_commands,
            "deleteMyCommands": self._delete_commands,
            "getMyCommands": self._get_commands,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook,
        }

    async def call(self, method: str, params: Params) -> Any:
        """The method's result, as JSON.

        Raises:
            BotApiError: what Telegram would say.
        """
        result = self._methods[method](params)
        return await result if isinstance(result, Awaitable) else result

    def _me(self, _: Params) -> Any:
        return self._account.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _updates(self, params: Params) -> Any:
        return self._account.updates.get(
            offset=params.get("offset", 0),
            limit=params.get("limit", 100),
            wait=params.get("timeout", 0),
            allowed=params.get("allowed_updates"),
        )

    def _answer(self, params: Params) -> Any:
        text, url = params.get("text", ""), params.get("url", "")
        if utf16_length(text) > MAX_ANSWER:
            raise BadRequestError("MESSAGE_TOO_LONG")
        if url and not url.startswith(f"https://t.me/{self._account.bot['username']}?start="):
            raise BadRequestError("URL_INVALID")
        tap = self._account.presses.get(params["callback_query_id"])
        now = self._account.clock.now()
        if tap is None or tap.answered or tap.pressed_at is None or now - tap.pressed_at > ANSWER_WITHIN:
            raise BadRequestError("query is too old and response timeout expired or query ID is invalid")
        tap.answered, tap.answer = True, text
        if text and tap.user_id in self._account.chats:
            self._account.chats[tap.user_id].notify("popup" if params.get("show_alert") else "toast", text)
        return True

    def _file(self, params: Params) -> Any:
        return self._account.files.link(params["file_id"])

    def _menu(self, params: Params) -> tuple[str, str]:
        language = params.get("language_code", "")
        if not _LANGUAGE.fullmatch(language):
            raise BadRequestError("invalid language code specified")
        scope = params.get("scope") or {"type": "default"}
        if "chat_id" in scope:
            self._account.chat(scope["chat_id"])
        parts = (scope["type"], scope.get("chat_id"), scope.get("user_id"))
        return ":".join(str(part) for part in parts if part is not None), language

    def _set_commands(self, params: Params) -> Any:
        menu, commands = self._menu(params), params["commands"]
        if len(commands) > _MAX_COMMANDS:
            raise BadRequestError("BOT_COMMANDS_TOO_MUCH")
        for each in commands:
            if not _COMMAND.fullmatch(each["command"].removeprefix("/")):
                raise BadRequestError("BOT_COMMAND_INVALID")
            if not 1 <= len(each["description"]) <= _MAX_DESCRIPTION:
                raise BadRequestError("BOT_COMMAND_DESCRIPTION_INVALID")
        self._account.commands[menu] = tuple(
            (each["command"].removeprefix("/"), each["description"]) for each in commands
        )
        return True

    def _delete_commands(self, params: Params) -> Any:
        self._account.commands.pop(self._menu(params), None)
        return True

    def _get_commands(self, params: Params) -> Any:
        menu = self._account.commands.get(self._menu(params), ())
        return [{"command": command, "description": description} for command, description in menu]

    def _set_webhook(self, params: Params) -> Any:
        url = params["url"]
        if url and not url.startswith("https://"):
            raise BadRequestError("bad webhook: An HTTPS URL must be provided for webhook")
        self._account.updates.webhook = url
        return True

    def _delete_webhook(self, params: Params) -> Any:
        self._account.updates.webhook = ""
        if params.get("drop_pending_updates"):
            self._account.updates.drop()
        return True

    def _webhook(self, _: Params) -> Any:
        updates = self._account.updates
        allowed = {} if updates.allowed is None else {"allowed_updates": updates.allowed}
        return {
            "url": updates.webhook,
            "has_custom_certificate": False,
            "pending_update_count": updates.pending,
            **allowed,
        }


def unauthorized() -> BotApiError:
    """The answer to a revoked or foreign token."""
    return BotApiError(401, "Unauthorized")
