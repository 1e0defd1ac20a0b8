"""Chaos: random people, admins and a thief against the real bot, with trouble everywhere, random kills and a
clock that jumps; then everything settles, and what may never be is looked for.

``script`` writes what is done, ``players`` and ``dashboard`` do it, ``weather`` makes the trouble, ``keys`` watches
what the phones were given. ``peace`` lets everything settle; ``findings`` (in the records) and ``outside`` (on phones,
at the edge, on the disk) say what is wrong. ``episode`` is all of it once, ``run`` many times.
"""
