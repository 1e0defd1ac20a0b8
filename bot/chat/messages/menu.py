"""The lines of the command menus."""

FOR_STRANGERS = (("start", "Say hello"), ("whoami", "Show my Telegram id"))

FOR_MEMBERS = (
    ("newcert", "A key for a phone or computer"),
    ("devices", "My devices"),
    ("guide", "How to put a key on a device"),
    ("lost", "I lost my phone"),
    ("timezone", "My time zone"),
    ("language", "My language"),
    ("help", "What I can do for you"),
    ("whoami", "Show my Telegram id"),
)

FOR_ADMINS = (
    ("newcert", "A certificate for a device"),
    ("certs", "Devices and their certificates"),
    ("guide", "How to install one, step by step"),
    ("people", "Who belongs here"),
    ("invite", "Let somebody in"),
    ("lost", "A phone is lost"),
    ("revoke", "Take a device's certificate away"),
    ("protect", "Lock a service"),
    ("unprotect", "Open a service to everybody"),
    ("lockdown", "Close what is open, make no new certificates"),
    ("openpath", "Let a webhook in for a while"),
    ("paths", "What is open without a certificate"),
    ("status", "How everything is"),
    ("prove", "Try the lock"),
    ("blocked", "Who knocked and was turned away"),
    ("audit", "What happened here"),
    ("timezone", "My time zone"),
    ("language", "My language"),
    ("help", "What I can do for you"),
    ("whoami", "Show my Telegram id"),
)
