"""What Latchkey is about: pure values and rules, without I/O, clock or talking libraries."""
