"""Who calls the API, and the part of it that is about the caller.

A caller is signed in by the session of the console (with the CSRF token) or by a personal access token
(`Authorization: Bearer shoumi_…`).  A token opens only the areas and methods among its rights; what its user
may do there is still asked of the gate by the services.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.security import HttpBearer, SessionAuth

from shoumi.server.accounts import gate, naming, queries
from shoumi.server.accounts.models import AccessToken, User
from shoumi.server.accounts.services import token_issue, token_revoke, token_use

READING = frozenset({"GET", "HEAD", "OPTIONS"})
API_ROOT = "/api/v1/"


class TokenAuth(HttpBearer):
    """Signs a caller in by a personal access token."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the token's user if the token is valid and opens this address; else nothing."""
        found = queries.token_of(token)
        if found is None or not _opens(found, request):
            return None
        token_use(token=found)
        request.user = found.user
        naming.require_whole(request)
        return found.user


def _opens(token: AccessToken, request: HttpRequest) -> bool:
    area = request.path.removeprefix(API_ROOT).partition("/")[0]
    modes = ("read", "write") if request.method in READING else ("write",)
    return any(f"{name}:{mode}" in token.rights for name in (area, "*") for mode in modes)


class UserSessionAuth(SessionAuth):
    """Signs a caller in by the session of the console; changes need the CSRF token."""

    def __call__(self, request: HttpRequest) -> User | None:
        """Leave callers without a session to the other ways, before their form token is missed."""
        return super().__call__(request) if isinstance(request.user, User) else None

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:  # noqa: ARG002 - ninja's
        """Return the signed-in user, if there is one."""
        return request.user if isinstance(request.user, User) else None


session_only = [UserSessionAuth()]
authentication = [TokenAuth(), UserSessionAuth()]
router = Router()


class Me(Schema):
    """The caller."""

    id: UUID
    username: str
    name: str
    language: str
    time_zone: str
    roles: list[str]


class TokenOut(Schema):
    """An access token, without its secret."""

    id: UUID
    name: str
    rights: list[str]
    created_at: datetime
    expires_at: datetime


class TokenIn(Schema):
    """The token wanted."""

    name: str = Field(min_length=1, max_length=80)
    rights: list[str] = Field(min_length=1)
    expires_at: datetime


class TokenIssued(TokenOut):
    """A new access token with its secret, shown this once."""

    secret: str


class RoleGrantOut(Schema):
    """A role that the caller holds, or asked for."""

    id: UUID
    role: str
    scope: str
    state: Literal["requested", "approved", "refused", "withdrawn", "revoked"]
    starts_at: datetime
    ends_at: datetime | None


@router.get("/me", response=Me)
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the caller, with the roles held now."""
    user = request.user
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.display_name,
        "language": user.language,
        "time_zone": user.time_zone,
        "roles": [str(role) for role in gate.role_names(user)],
    }


@router.get("/me/roles", response=list[RoleGrantOut])
def my_roles(request: HttpRequest) -> Any:
    """Return the caller's role grants, in every state."""
    return request.user.role_grants.order_by("-requested_at", "id")


@router.get("/tokens", response=list[TokenOut], auth=session_only)
def tokens(request: HttpRequest) -> Any:
    """Return the caller's access tokens that are in force."""
    return queries.tokens_in_force(request.user)


@router.post("/tokens", response={201: TokenIssued}, auth=session_only)
def issue(request: HttpRequest, wanted: TokenIn) -> Any:
    """Issue an access token; a token cannot issue another."""
    token, secret = token_issue(
        actor=request.user, name=wanted.name, rights=wanted.rights, expires_at=wanted.expires_at
    )
    return Status(201, {**TokenOut.from_orm(token).dict(), "secret": secret})


@router.api_operation(["DELETE"], "/tokens/{token_id}", response={204: None}, auth=session_only)
def revoke(request: HttpRequest, token_id: UUID) -> Any:
    """Revoke one of the caller's access tokens."""
    token_revoke(actor=request.user, token=queries.own_token(request.user, token_id))
    return Status(204, None)
