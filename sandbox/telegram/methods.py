"""The part of Bot API 10.0 this stand-in serves, as a table of its own.

A name ending in ``!`` is required. A method or field that is not here is refused, also where the real
server would ignore it: what the bot sends must be what somebody looked at.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One parameter or field: whether it must be there, and the types it may have."""

    required: bool
    types: tuple[str, ...]


Fields = dict[str, Field]


def _fields(written: dict[str, str]) -> Fields:
    return {name.rstrip("!"): Field(name.endswith("!"), tuple(types.split("|"))) for name, types in written.items()}


_ANY_MARKUP = "InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
_MENU = {"scope": "BotCommandScope", "language_code": "String"}
_TO_SEND = {
    "chat_id!": "Integer|String",
    "parse_mode": "String",
    "disable_notification": "Boolean",
    "protect_content": "Boolean",
    "reply_parameters": "ReplyParameters",
    "reply_markup": _ANY_MARKUP,
}
_TO_EDIT = {
    "chat_id": "Integer|String",
    "message_id": "Integer",
    "reply_markup": "InlineKeyboardMarkup",
}

METHODS: dict[str, Fields] = {
    name: _fields(written)
    for name, written in {
        "getMe": {},
        "getUpdates": {
            "offset": "Integer",
            "limit": "Integer",
            "timeout": "Integer",
            "allowed_updates": "Array of String",
        },
        "sendMessage": _TO_SEND | {"text!": "String", "link_preview_options": "LinkPreviewOptions"},
        "sendDocument": _TO_SEND
        | {
            "document!": "InputFile|String",
            "caption": "String",
            "disable_content_type_detection": "Boolean",
        },
        "editMessageText": _TO_EDIT
        | {"text!": "String", "parse_mode": "String", "link_preview_options": "LinkPreviewOptions"},
        "editMessageMedia": _TO_EDIT | {"media!": "InputMedia"},
        "editMessageReplyMarkup": _TO_EDIT,
        "deleteMessage": {"chat_id!": "Integer|String", "message_id!": "Integer"},
        "deleteMessages": {"chat_id!": "Integer|String", "message_ids!": "Array of Integer"},
        "answerCallbackQuery": {
            "callback_query_id!": "String",
            "text": "String",
            "show_alert": "Boolean",
            "url": "String",
            "cache_time": "Integer",
        },
        "getFile": {"file_id!": "String"},
        "setMyCommands": _MENU | {"commands!": "Array of BotCommand"},
        "deleteMyCommands": _MENU,
        "getMyCommands": _MENU,
        "sendChatAction": {"chat_id!": "Integer|String", "action!": "String"},
        "setWebhook": {"url!": "String"},
        "deleteWebhook": {"drop_pending_updates": "Boolean"},
        "getWebhookInfo": {},
    }.items()
}

_SCOPE_OF_CHAT = {"type!": "String", "chat_id!": "Integer|String"}

TYPES: dict[str, Fields] = {
    name: _fields(written)
    for name, written in {
        "InlineKeyboardMarkup": {"inline_keyboard!": "Array of Array of InlineKeyboardButton"},
        "InlineKeyboardButton": {
            "text!": "String",
            "callback_data": "String",
            "url": "String",
            "copy_text": "CopyTextButton",
            "style": "String",
        },
        "CopyTextButton": {"text!": "String"},
        "ReplyKeyboardMarkup": {
            "keyboard!": "Array of Array of KeyboardButton",
            "is_persistent": "Boolean",
            "resize_keyboard": "Boolean",
            "one_time_keyboard": "Boolean",
            "input_field_placeholder": "String",
            "selective": "Boolean",
        },
        "KeyboardButton": {"text!": "String", "style": "String", "request_users": "KeyboardButtonRequestUsers"},
        "KeyboardButtonRequestUsers": {
            "request_id!": "Integer",
            "user_is_bot": "Boolean",
            "max_quantity": "Integer",
            "request_name": "Boolean",
            "request_username": "Boolean",
        },
        "ReplyKeyboardRemove": {"remove_keyboard!": "Boolean", "selective": "Boolean"},
        "ForceReply": {
            "force_reply!": "Boolean",
            "input_field_placeholder": "String",
            "selective": "Boolean",
        },
        "LinkPreviewOptions": {
            "is_disabled": "Boolean",
            "url": "String",
            "prefer_small_media": "Boolean",
            "prefer_large_media": "Boolean",
            "show_above_text": "Boolean",
        },
        "ReplyParameters": {"message_id!": "Integer", "allow_sending_without_reply": "Boolean"},
        "InputMediaDocument": {
            "type!": "String",
            "media!": "String",
            "caption": "String",
            "parse_mode": "String",
            "disable_content_type_detection": "Boolean",
        },
        "BotCommand": {"command!": "String", "description!": "String"},
        "BotCommandScopeDefault": {"type!": "String"},
        "BotCommandScopeAllPrivateChats": {"type!": "String"},
        "BotCommandScopeAllGroupChats": {"type!": "String"},
        "BotCommandScopeAllChatAdministrators": {"type!": "String"},
        "BotCommandScopeChat": _SCOPE_OF_CHAT,
        "BotCommandScopeChatAdministrators": _SCOPE_OF_CHAT,
        "BotCommandScopeChatMember": _SCOPE_OF_CHAT | {"user_id!": "Integer"},
    }.items()
}

# Unions told apart by their "type" field.
SUBTYPES: dict[str, dict[str, str]] = {
    "InputMedia": {"document": "InputMediaDocument"},
    "BotCommandScope": {
        "default": "BotCommandScopeDefault",
        "all_private_chats": "BotCommandScopeAllPrivateChats",
        "all_group_chats": "BotCommandScopeAllGroupChats",
        "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
        "chat": "BotCommandScopeChat",
        "chat_administrators": "BotCommandScopeChatAdministrators",
        "chat_member": "BotCommandScopeChatMember",
    },
}

# The kinds a bot gets when it asked for none in particular: all but the last three.
UPDATE_KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
)
ORDINARY_UPDATES = frozenset(UPDATE_KINDS[:-3])
