"""The database's history, one step a file. Travels with the program."""
