"""Why a file is not marked: each thing that somebody would do differently is a leaf of its own.

A file that cannot be marked is never half marked: the caller gets an error and no bytes.
"""

from __future__ import annotations

from shoumi.engine.errors import InputError


class KindUnknownError(InputError):
    """There is no way to mark this kind of content."""

    code = "marking.kind"
    message = "Files of this kind ({kind}) bear no mark inside."


class DamagedError(InputError):
    """The content is not what its kind promises, or is broken."""

    code = "marking.damaged"
    message = "The file is damaged and cannot be marked: {reason}."


class EncryptedError(InputError):
    """The content has a password of its own, or forbids changes."""

    code = "marking.encrypted"
    message = "The file has a password of its own and cannot be marked; store it without one."


class SignedError(InputError):
    """The content is digitally signed; marking would break the signature."""

    code = "marking.signed"
    message = "The file is digitally signed, and a mark would break the signature."


class TooLargeError(InputError):
    """A measure of the content is over its limit."""

    code = "marking.too_large"
    message = "The file cannot be marked: its {what} is over the limit of {limit}."


class NoRoomError(InputError):
    """A place for the mark is full, such as the 255 characters of a sheet's header."""

    code = "marking.no_room"
    message = "There is no room for the mark in {place}."


class OriginalNeededError(InputError):
    """The mark has become part of the picture, sound or film; only the original is without it."""

    code = "marking.original_needed"
    message = "The mark is part of the content here; take the original instead."


class UnsupportedFeatureError(InputError):
    """The content is sound, but of a form that cannot be marked without breaking it."""

    code = "marking.unsupported"
    message = "The file cannot be marked without harm: {reason}."


class MarkTextError(InputError):
    """The mark itself cannot be written."""

    code = "marking.text"
    message = "The mark cannot be written: {reason}."
