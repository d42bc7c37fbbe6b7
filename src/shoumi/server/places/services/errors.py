"""What can go wrong when places are written, each with its stable code.

Leaves of `engine.errors`; the rule about keeping things in secret zones has its own in `queries.zones`.
"""

from __future__ import annotations

from shoumi.engine.errors import ConflictError, InputError


class ZoneCodeTakenError(ConflictError):
    """Another zone of the entity has this code."""

    code = "places.code_taken"
    message = "The code “{value}” is in use already."


class ZoneKindError(InputError):
    """Level and kind do not go together."""

    code = "places.zone_kind"
    message = "A secret zone has a level from general to core; other zones have none."


class ZoneGroundError(InputError):
    """A secret zone without the ground on which it is one, or an unknown ground."""

    code = "places.zone_ground"
    message = "Say why this is a secret zone; the company's own choice needs a reason in words."


class ZoneHoldsCarriersError(ConflictError):
    """What is kept there would lie in a zone that is not made for it."""

    code = "places.zone_holds_carriers"
    message = "{count} carriers of up to “{level}” are kept there; move them first."


class ZoneOccupiedError(ConflictError):
    """Somebody is inside, or a designation holds."""

    code = "places.zone_occupied"
    message = "The zone cannot be closed: {reason}"


class DepartmentElsewhereError(InputError):
    """The department belongs to another legal entity."""

    code = "places.department_elsewhere"
    message = "The department belongs to another legal entity."


class ReasonMissingError(InputError):
    """A decision needs its reason in words."""

    code = "places.reason_missing"
    message = "Say why."


class DaysError(InputError):
    """Days or times in the wrong order, too far away, or over already."""

    code = "places.days"
    message = "The days do not fit: {reason}"


class PictureError(InputError):
    """The file is no picture that can be shown, or too large a one."""

    code = "places.picture"
    message = "The file cannot be used as a picture: {reason}"


class OutlineError(InputError):
    """An outline is no polygon on the plan."""

    code = "places.outline"
    message = "The outline of “{zone}” cannot be kept: {reason}"


class PlanTakenError(ConflictError):
    """There is a plan of this floor already."""

    code = "places.plan_taken"
    message = "There is a plan of this floor already; replace its picture instead."


class StateError(ConflictError):
    """The record is not in a state in which this can be done."""

    code = "places.state"
    message = "This cannot be done now: it stands at “{state}”."


class OverError(ConflictError):
    """It has been closed or ended before."""

    code = "places.over"
    message = "This has been closed or ended before."


class AnswersError(InputError):
    """The checklist is not answered completely."""

    code = "places.answers"
    message = "The checklist has faults: {faults}"


class DesignationFaultyError(InputError):
    """The designation lacks something that the guide asks for."""

    code = "places.designation_faulty"
    message = "The designation has faults: {faults}"


class DesignatedAlreadyError(ConflictError):
    """It is one already, or somebody proposed it."""

    code = "places.designated_already"
    message = "This is designated already, or waits to be."


class VisitorsError(InputError):
    """A visit without visitors, or too many."""

    code = "places.visitors"
    message = "Name at least one visitor and at most {most}."


class NotAdmittedError(ConflictError):
    """The rules of entry do not let this person in now; nothing was recorded as an entry."""

    code = "places.not_admitted"
    message = "Nobody is let in like this: {reason}"


class LockerTakenError(ConflictError):
    """Something of somebody else lies in the locker."""

    code = "places.locker_taken"
    message = "The locker “{locker}” is in use."


class FieldUnknownError(InputError):
    """There is no such detail of a visitor."""

    code = "places.field_unknown"
    message = "A visitor has no such detail."
