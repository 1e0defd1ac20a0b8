"""The lines of the command menus."""

FOR_EVERYBODY = (("start", "Say hello"), ("whoami", "Show my Telegram id"))

FOR_ADMINS = (
    ("newcert", "A certificate for a device"),
    ("certs", "Devices and their certificates"),
    ("revoke", "Take a device's certificate away"),
    ("help", "What I can do for you"),
    ("whoami", "Show my Telegram id"),
)
