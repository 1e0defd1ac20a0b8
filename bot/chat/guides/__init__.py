"""Guides: one Markdown file a device or app and language (``en/android.md``), and the small part of Markdown they use.

Whoever corrects a guide edits its file and nothing else; a test reads each of them.
"""
