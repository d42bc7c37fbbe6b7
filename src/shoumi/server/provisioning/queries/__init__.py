"""Reads of the provisioning app: filters, resources and schemas of SCIM."""
