"""Writes of the provisioning app: joiners, changes and leavers as an identity provider tells them."""
