"""The bot's files as devices open them: programs that read them, browsers that carry them to the edge, a table."""
