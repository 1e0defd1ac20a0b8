"""Ways in without a certificate: opened, prolonged, closed."""
