"""How fast the bot is, beside what it cannot be faster than: ``python -m sandbox bench``.

The stand-ins answer at once; the bot runs in a process of its own. What is measured stands beside a floor: the same
steps done bare with the same libraries, a bare echo bot, a bare import.
"""
