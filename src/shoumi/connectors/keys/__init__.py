"""Key stores behind one port: a key file by default.

A key store keeps key-encryption keys and lends them out only to wrap and unwrap the short data keys that
encrypt content.  What is encrypted, and where wrapped keys lie, is the caller's concern.
"""
