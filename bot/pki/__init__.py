"""Keys, certificate signing requests, PKCS#12 and passphrases: pure functions over bytes."""
