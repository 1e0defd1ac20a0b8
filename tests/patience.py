"""How long a test waits for a state before it takes it for one that never comes.

No test is about that time: it is there so that what hangs is told, on however slow and busy a machine. How fast
something is, is measured by ``make bench``.
"""

LAST_RESORT_SECONDS = 300.0
