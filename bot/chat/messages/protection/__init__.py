"""Words about hosts, the rule, and rules of others."""
