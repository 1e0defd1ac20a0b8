"""A device is reported as lost: what is blocked, what its account did, what is given back."""
