"""Somebody at Cloudflare's dashboard, who changes by hand what the bot keeps, and what is none of the bot's."""

from typing import Any

from sandbox.cloudflare import CloudflareStandin
from sandbox.cloudflare.envelope import Refusal

OURS = "latchkey-block"
_TOUCHED = frozenset({"version", "last_updated", "enabled"})
"""What a take-over changes of a rule made by hand."""


class Dashboard:
    """Remembers what was done by hand: ``certificates`` made here, and how each foreign rule should look."""

    def __init__(self, cloudflare: CloudflareStandin) -> None:
        self._cloudflare = cloudflare
        self.certificates: set[str] = set()
        self.expected: dict[str, dict[str, Any]] = {}
        self.note()

    def do(self, what: str, which: int, name: str) -> str:
        """Do one thing; says what was done."""
        try:
            done = getattr(self, "_" + what.replace("-", "_"))(which, name)
        except Refusal as refusal:
            done = f"refused: {refusal}"
        except LookupError as nothing:
            done = f"nothing: {nothing}"
        self.note()
        return str(done)

    def note(self) -> None:
        """Take in what stands there now as what a hand wants."""
        self.expected = {rule["id"]: dict(rule) for rule in self._foreign()}

    def differences(self) -> list[str]:
        """How foreign rules differ from what hands left: nobody else may touch them, but to switch them off."""
        now = {rule["id"]: dict(rule) for rule in self._foreign()}
        wrong = [f"foreign rule {rule_id} is gone" for rule_id in self.expected.keys() - now.keys()]
        wrong += [f"foreign rule {rule_id} came from nowhere" for rule_id in now.keys() - self.expected.keys()]
        for rule_id in now.keys() & self.expected.keys():
            left, found = self.expected[rule_id], now[rule_id]
            recipe = "cert_verified" in str(left.get("expression"))
            names = {name for name in left.keys() | found.keys() if left.get(name) != found.get(name)}
            if names - (_TOUCHED if recipe else frozenset()):
                wrong.append(f"foreign rule {rule_id} was changed: {sorted(names)}")
        return wrong

    def _foreign(self) -> list[dict[str, Any]]:
        return [rule for rule in self._cloudflare.rules if rule.get("ref") != OURS]

    def _ours(self) -> str:
        found = [rule["id"] for rule in self._cloudflare.rules if rule.get("ref") == OURS]
        if not found:
            raise LookupError("there is no rule of ours")
        return str(found[0])

    def _any(self, which: int) -> str:
        foreign = self._foreign()
        if not foreign:
            raise LookupError("there is no foreign rule")
        return str(foreign[which % len(foreign)]["id"])

    def _delete_ours(self, _which: int, _name: str) -> str:
        self._cloudflare.delete_rule_by_hand(self._ours())
        return "our rule deleted"

    def _disable_ours(self, _which: int, _name: str) -> str:
        self._cloudflare.edit_rule_by_hand(self._ours(), enabled=False)
        return "our rule disabled"

    def _edit_ours(self, _which: int, name: str) -> str:
        expression = f'(http.host eq "{self._cloudflare.zone.name}" and http.request.uri.path eq "/{name}")'
        self._cloudflare.edit_rule_by_hand(self._ours(), expression=expression)
        return "our rule edited"

    def _move_ours(self, _which: int, _name: str) -> str:
        self._cloudflare.edit_rule_by_hand(self._ours(), position={"after": ""})
        return "our rule moved"

    def _issue(self, _which: int, name: str) -> str:
        made = self._cloudflare.issue_by_hand(name)
        self.certificates.add(made.id)
        return f"certificate {name} made"

    def _foreign_add(self, _which: int, name: str) -> str:
        rule = self._cloudflare.add_rule(**self._foreign_rule(name))
        return f"foreign rule {rule['id']} added"

    def _foreign_rule(self, name: str) -> dict[str, Any]:
        return {"expression": f'(http.request.uri.path eq "/{name}")', "description": name}

    def _foreign_edit(self, which: int, name: str) -> str:
        rule_id = self._any(which)
        if "cert_verified" in next(rule["expression"] for rule in self._foreign() if rule["id"] == rule_id):
            return "left alone"
        self._cloudflare.edit_rule_by_hand(rule_id, **self._foreign_rule(name))
        return "foreign rule edited"

    def _foreign_delete(self, which: int, _name: str) -> str:
        self._cloudflare.delete_rule_by_hand(self._any(which))
        return "foreign rule deleted"

    def _reactivate(self, which: int, _name: str) -> str:
        revoked = [one for one in self._cloudflare.certificates if one.status == "revoked"]
        if not revoked:
            raise LookupError("nothing is revoked")
        self._cloudflare.reactivate_by_hand(revoked[which % len(revoked)].id)
        return "a revoked certificate reactivated"

    def _dissociate(self, which: int, _name: str) -> str:
        hosts = self._cloudflare.hosts
        if not hosts:
            raise LookupError("no host is associated")
        self._cloudflare.dissociate_by_hand(hosts[which % len(hosts)])
        return "a host dissociated"
