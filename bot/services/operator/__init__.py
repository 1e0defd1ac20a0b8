"""The server's last word."""
