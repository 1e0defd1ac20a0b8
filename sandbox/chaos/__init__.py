"""Chaos: random people, admins and a thief against the real bot, with trouble everywhere, random kills and a
clock that jumps; then everything settles, and what may never be is looked for.

``script`` writes what is done, ``players`` and ``dashboard`` do it, ``weather`` makes the trouble, ``keys`` watches
what the phones were given, and the ``findings`` say what is wrong.
"""
