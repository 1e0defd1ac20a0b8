"""Protected hosts and the rule: its tree, its parser and printer, what fits into it."""
