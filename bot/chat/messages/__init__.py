"""Every word a person reads. Pure functions: ``(dataclass, Voice) -> Message``."""
