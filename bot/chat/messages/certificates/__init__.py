"""Words about devices, certificates and keys."""
