"""Backups as files, and what a restored one may not do again."""
