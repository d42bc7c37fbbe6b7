"""Gives the demonstration company a directory that IT has set up and nobody lets run: it is invented."""

from __future__ import annotations

from shoumi.server.project.demo.organisation import Organisation
from shoumi.server.provisioning.services.directories import Connection, directory_connect, directory_name


class Directories:
    """The directory while it is set up."""

    def __init__(self, organisation: Organisation) -> None:
        self.actor = organisation.users["it"]
        self.entity = organisation.entities["CN"]

    def fill(self) -> None:
        """Set it up as Active Directory, for one group."""
        wish = Connection(
            kind="ad",
            url="ldaps://directory.example.com",
            base="ou=people,dc=example,dc=com",
            filter="(&(objectClass=user)(employeeID=*))",
            bind_dn="cn=shoumi,ou=services,dc=example,dc=com",
        )
        row = directory_connect(actor=self.actor, entity=self.entity, wish=wish)
        directory_name(
            actor=self.actor,
            directory=row,
            expected_version=row.version,
            attributes={},
            member_of=["cn=staff,ou=groups,dc=example,dc=com"],
        )
