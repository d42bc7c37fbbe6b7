"""Commands of the provisioning app."""
