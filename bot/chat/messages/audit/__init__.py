"""Words of the record."""
