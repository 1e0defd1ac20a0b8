"""Where the stand-ins differ on purpose from the machine-readable contracts, with the source."""

# Differences as the contract test words them: "method.field …" or "Type.field …".
TELEGRAM: dict[str, str] = {}

# Shell patterns over differences as the contract test prints them. A difference without an entry fails the
# test, and so does an entry that no difference needs any more.
CLOUDFLARE: dict[str, str] = {
    "GET /zones*: result plan": "Python SDK 5.9.0, types/zones/zone.py: plan with name and legacy_id",
    "GET /zones*: result paused": "Python SDK 5.9.0, types/zones/zone.py",
    "GET /zones*: result status": "Python SDK 5.9.0, types/zones/zone.py",
    "GET /zones*: result type": "Python SDK 5.9.0, types/zones/zone.py",
    "GET /accounts/{account_id}/tokens/verify: not described": (
        "Account-owned tokens are younger than the description: account owned tokens page, Python SDK 5.9.0"
    ),
    "GET /*/firewall/access_rules/rules: not described": (
        "IP Access rules are not in this part of the description: API reference, 'List IP Access rules'; Python SDK "
        "5.9.0, types/firewall/access_rule_list_params.py and access_rule_list_response.py"
    ),
    "* /zones/{zone_id}/rulesets*: query dry_run": (
        "Ruleset engine, 'Validate changes' (2026): every write takes dry_run=true|false; Python SDK 5.9.0"
    ),
    "* /zones/{zone_id}/rulesets*: answer result type": (
        "Ruleset engine, 'Validate changes': a dry run that would succeed answers 200 with a null result"
    ),
    "* /zones/{zone_id}/rulesets/{ruleset_id}/rules*: sent position oneOf": (
        "Update a rule in a ruleset: position is one of before, after and index. The description's three "
        "variants require nothing, so that every position matches all three"
    ),
    "PATCH /zones/{zone_id}/rulesets/{ruleset_id}/rules/{rule_id}: sent  oneOf": (
        "Update a rule in a ruleset: a body with only position moves the rule, and has no action"
    ),
    "* /zones/{zone_id}/rulesets*: answer result required": (
        "Not documented, but likely: a ruleset without rules comes without the field (the Python SDK 5.9.0 then "
        "gives None). The stand-in takes the harder of the two"
    ),
    "GET /zones/{zone_id}/dns_records: query name.exact": (
        "DNS records, list: filters have forms of their own; Python SDK 5.9.0 sends name={'exact': …} as name.exact"
    ),
    "PATCH /zones/{zone_id}/client_certificates/{client_certificate_id}: body reactivate": (
        "API reference and Python SDK 5.9.0: the body is {'reactivate': true}; the description has no body"
    ),
    "* /zones/{zone_id}/client_certificates*: answer result*id maxLength": (
        "Client certificates, 'Configure your mobile app or IoT device': ids are UUIDs of 36 characters"
    ),
}
