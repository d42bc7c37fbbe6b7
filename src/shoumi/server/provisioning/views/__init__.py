"""The SCIM 2.0 server (RFC 7644) of each legal entity."""
