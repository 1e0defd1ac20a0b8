"""A backup is restored, and compared with what happened since."""
