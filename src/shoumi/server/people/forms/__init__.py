"""The forms of people: they check shapes and offer what may be chosen; services do the rest."""

from shoumi.server.people.forms.engagements import EndForm, EngagementForm, MoveForm
from shoumi.server.people.forms.importing import ExportForm, MappingForm, UploadForm
from shoumi.server.people.forms.organisation import (
    DepartmentForm,
    DepartmentMoveForm,
    EntityForm,
    LevelForm,
    PostForm,
    VersionForm,
)
from shoumi.server.people.forms.persons import LinkForm, PersonForm

__all__ = [
    "DepartmentForm",
    "DepartmentMoveForm",
    "EndForm",
    "EngagementForm",
    "EntityForm",
    "ExportForm",
    "LevelForm",
    "LinkForm",
    "MappingForm",
    "MoveForm",
    "PersonForm",
    "PostForm",
    "UploadForm",
    "VersionForm",
]
