"""Whole chats as text files, played against a sandbox: documentation and test in one."""

from sandbox.transcript.errors import TranscriptError
from sandbox.transcript.parser import Transcript, parse
from sandbox.transcript.player import play
from sandbox.transcript.story import Story

__all__ = ["Story", "Transcript", "TranscriptError", "parse", "play"]
