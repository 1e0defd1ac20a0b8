"""Where a kill test shoots: the Nth call to the outside, over all stand-ins."""

from sandbox.faults import Fault

SILENT = frozenset({"getUpdates", "getMe", "setMyCommands"})


class Nth(Fault):
    """Holds the call that is the Nth of all, over all stand-ins; the rest goes through."""

    left: int
    hit: str = ""

    @classmethod
    def ordered(cls, number: int, when: str) -> "Nth":
        fault = cls(call="*", when=when, hold=True, times=0)  # type: ignore[arg-type]
        fault.left = number
        return fault

    def strikes(self, label: str) -> bool:
        if label in SILENT:
            return False
        self.left -= 1
        if self.left != 0:
            return False
        self.struck, self.hit = 1, label
        return True
