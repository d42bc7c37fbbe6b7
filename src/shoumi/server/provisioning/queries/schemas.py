"""What the server says of itself: ServiceProviderConfig, ResourceTypes, Schemas (RFC 7643, sections 5 to 7).

E-mail and telephone are taken and never given back: they are masked in the console too.
"""

from __future__ import annotations

from typing import Any

from shoumi.server.provisioning.queries.filters import ENTERPRISE

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER, GROUP = CORE + "User", CORE + "Group"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
MOST = 200  # resources of one answer
BULK_MOST = 100  # operations of one request: more would outlast the patience of a connection
BULK_PAYLOAD = 1024**2  # bytes
KINDS = ("employee", "adviser")  # others come in through their partner


def _is(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    found = {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": more.pop("description", name),
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
        **({"caseExact": False, "uniqueness": "none"} if kind in {"string", "reference"} else {}),
    }
    return {**found, **more}


def _written(name: str) -> dict[str, Any]:
    parts = [_is("value", returned="never", mutability="writeOnly"), _is("type"), _is("primary", "boolean")]
    return _is(
        name, "complex", multiValued=True, subAttributes=parts, returned="never", mutability="writeOnly"
    )


def _schema(key: str, name: str, words: str, attributes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schemas": [CORE + "Schema"],
        "id": key,
        "name": name,
        "description": words,
        "attributes": attributes,
    }


SCHEMAS: dict[str, dict[str, Any]] = {
    USER: _schema(
        USER,
        "User",
        "A person who works here",
        [
            _is("userName", required=True, uniqueness="server"),
            _is(
                "name",
                "complex",
                subAttributes=[_is("formatted"), _is("familyName"), _is("givenName")],
            ),
            _is("displayName"),
            _is("title"),
            _is("userType", canonicalValues=list(KINDS)),
            _is("active", "boolean"),
            _written("emails"),
            _written("phoneNumbers"),
            _is(
                "groups",
                "complex",
                multiValued=True,
                mutability="readOnly",
                subAttributes=[
                    _is("value", mutability="readOnly"),
                    _is("$ref", "reference", mutability="readOnly", referenceTypes=["Group"]),
                    _is("display", mutability="readOnly"),
                ],
            ),
        ],
    ),
    GROUP: _schema(
        GROUP,
        "Group",
        "A department",
        [
            _is("displayName", required=True),
            _is(
                "members",
                "complex",
                multiValued=True,
                subAttributes=[
                    _is("value", mutability="immutable"),
                    _is("$ref", "reference", mutability="immutable", referenceTypes=["User"]),
                    _is("display", mutability="readOnly"),
                ],
            ),
        ],
    ),
    ENTERPRISE: _schema(
        ENTERPRISE,
        "Enterprise User",
        "Number, department and manager",
        [
            _is("employeeNumber", required=True),
            _is("department", required=True),
            _is(
                "manager",
                "complex",
                subAttributes=[
                    _is("value"),
                    _is("$ref", "reference", referenceTypes=["User"], mutability="readOnly"),
                    _is("displayName", mutability="readOnly"),
                ],
            ),
        ],
    ),
}


def schemas(root: str) -> list[dict[str, Any]]:
    """Return all schemas with their addresses below `root`."""
    return [
        {**item, "meta": {"resourceType": "Schema", "location": f"{root}/Schemas/{key}"}}
        for key, item in SCHEMAS.items()
    ]


def resource_types(root: str) -> list[dict[str, Any]]:
    """Return the two resource types."""
    kinds = (
        ("User", "/Users", USER, [{"schema": ENTERPRISE, "required": True}]),
        ("Group", "/Groups", GROUP, []),
    )
    return [
        {
            "schemas": [CORE + "ResourceType"],
            "id": name,
            "name": name,
            "endpoint": endpoint,
            "schema": schema,
            "schemaExtensions": extensions,
            "meta": {"resourceType": "ResourceType", "location": f"{root}/ResourceTypes/{name}"},
        }
        for name, endpoint, schema, extensions in kinds
    ]


def provider_config(root: str) -> dict[str, Any]:
    """Return what is supported."""
    return {
        "schemas": [CORE + "ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": True, "maxOperations": BULK_MOST, "maxPayloadSize": BULK_PAYLOAD},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Access token",
                "description": "An access token of a user in HR, with the right scim:write",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{root}/ServiceProviderConfig",
        },
    }
