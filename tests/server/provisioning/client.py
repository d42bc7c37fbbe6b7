"""The SCIM client of others and its models, imported where a test uses them: that takes seconds."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from shoumi.server.provisioning.queries.schemas import provider_config


class Models:
    """What `scim2_models` has, and `Member`, a user with the extension of enterprises."""

    def __getattr__(self, name: str) -> Any:
        """Return a model."""
        models = import_module("scim2_models")
        return models.User[models.EnterpriseUser] if name == "Member" else getattr(models, name)


scim2 = Models()


@cache
def provider():
    """Return what the client is to know of the server, versions included."""
    kinds = [scim2.Member, scim2.Group]
    return scim2.ScimProvider(
        models=[scim2.User, scim2.EnterpriseUser, scim2.Group],
        resource_types=[scim2.ResourceType.from_resource(kind) for kind in kinds],
        config=scim2.ServiceProviderConfig.model_validate(provider_config("")),
    )


def client_of(application, address: str, token: str):
    """Return a client of the application at `address`, signed in by an access token."""
    client = import_module("scim2_client.engines.wsgi").WSGISCIMClient
    return client(
        application,
        address,
        {"Authorization": f"Bearer {token}"},
        provider=provider(),
        raise_scim_errors=False,
    )
