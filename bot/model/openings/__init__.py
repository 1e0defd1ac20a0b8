"""Ways in without a certificate: what may be opened, how it is read, until when."""
