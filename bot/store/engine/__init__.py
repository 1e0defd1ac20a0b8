"""The database file, its transactions, its driver, its migrations."""
