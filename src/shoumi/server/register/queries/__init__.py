"""Reads of the register.

For apps above: `secrets.secrets_visible_to(user)` and `secret_get`, `resources.secret_resource`,
`scope.knowers_of`, `standards.level_standard`, `snapshot.snapshot_of`.
"""
