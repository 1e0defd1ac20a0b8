"""Words about what knocking at the lock has shown."""
