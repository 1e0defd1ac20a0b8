"""Words about ways in without a certificate."""
