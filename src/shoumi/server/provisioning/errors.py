"""What a SCIM request can be refused for; status and `scimType` are those of RFC 7644, section 3.12."""

from __future__ import annotations

from shoumi.engine.errors import ConflictError, InputError


class ScimFilterError(InputError):
    """The filter is not one of RFC 7644, or names what cannot be looked for."""

    code = "provisioning.filter"
    message = "The filter cannot be read or looks for something that is not offered: {what}"


class ScimPathError(InputError):
    """A PATCH names an attribute that there is not."""

    code = "provisioning.path"
    message = "There is no attribute at this path: {path}"


class ScimValueError(InputError):
    """A value is missing or of the wrong form."""

    code = "provisioning.value"
    message = "The value of “{attribute}” is missing or cannot be used."


class ScimMutabilityError(InputError):
    """What was to be changed is not changed from outside."""

    code = "provisioning.mutability"
    message = "“{attribute}” is not changed from outside."


class ScimUniquenessError(ConflictError):
    """Another account has this user name."""

    code = "provisioning.uniqueness"
    message = "Another account has this user name."


class ScimVersionError(ConflictError):
    """The resource is not the one that was read."""

    code = "provisioning.version"
    message = "The resource was changed meanwhile."


class LeavingUnderWayError(ConflictError):
    """A leaving case is under way; only people decide to end it."""

    code = "provisioning.leaving_under_way"
    message = "A leaving case of this person is under way; it is cancelled in the console first."


class EntryTwiceError(ConflictError):
    """Two entries of a directory have one number."""

    code = "provisioning.entry_twice"
    message = "More than one entry has the number {number}."


class EntryControlError(InputError):
    """Whether an account is enabled cannot be told."""

    code = "provisioning.entry_control"
    message = "The flags of the account cannot be read: {flags}"


class DirectoryFieldError(InputError):
    """A part of a directory's description cannot be used."""

    code = "provisioning.directory_field"
    message = "“{field}” cannot be used as it stands."


class StartedByAnotherError(ConflictError):
    """Whoever set a directory up does not let it run."""

    code = "provisioning.started_by_another"
    message = "Somebody else than who changed the directory last lets it run."
