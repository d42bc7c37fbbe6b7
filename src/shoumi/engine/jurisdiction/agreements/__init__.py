"""The agreements of a country: a library of clauses, assembled from what is known about a person.

    library = load_agreements("cn")
    draft = examine(library, "secret_post_nda", Facts(known, values), day)      # what is missing or refused
    made = assemble(library, "secret_post_nda", Facts(known, values), day,
                    chosen_optional=["return_on_request"], own_changes={"scope": OwnChange("…")})
    made.clauses, made.deviations, made.form, made.sha256                      # who signs, signs this hash
    needed(library, known)                                                     # which kinds, why, before what
    library_form(library), library_sha256(library), changes(old_form, new_form)

`library.facts`, `.fields`, `.kinds` and `.moments` carry their names in three languages for forms.  The texts
are in the language of the country.  A clause carries the facts it came from and its basis with status and
caveats; what the law refuses raises with every reason and its rule.
"""

from shoumi.engine.jurisdiction.agreements.assembling import (
    AgreementIncompleteError,
    AgreementRefusedError,
    Assembled,
    AssembledClause,
    assemble,
)
from shoumi.engine.jurisdiction.agreements.conditions import Because, FactError
from shoumi.engine.jurisdiction.agreements.drafting import (
    NON_COMPETE,
    AgreementClauseError,
    Chosen,
    Deviation,
    Draft,
    examine,
)
from shoumi.engine.jurisdiction.agreements.fields import FieldValueError, UnknownFieldError
from shoumi.engine.jurisdiction.agreements.loading import load_agreements, read_agreements
from shoumi.engine.jurisdiction.agreements.needs import Need, needed
from shoumi.engine.jurisdiction.agreements.refusing import Refusal
from shoumi.engine.jurisdiction.agreements.values import (
    AgreementKind,
    Clause,
    Fact,
    FactKind,
    Facts,
    FactValue,
    Field,
    FieldKind,
    FieldValue,
    Library,
    OwnChange,
    Party,
    UnknownAgreementError,
)
from shoumi.engine.jurisdiction.agreements.versions import (
    Change,
    ChangeKind,
    OtherLibraryError,
    changes,
    library_form,
    library_sha256,
)

__all__ = [
    "NON_COMPETE",
    "AgreementClauseError",
    "AgreementIncompleteError",
    "AgreementKind",
    "AgreementRefusedError",
    "Assembled",
    "AssembledClause",
    "Because",
    "Change",
    "ChangeKind",
    "Chosen",
    "Clause",
    "Deviation",
    "Draft",
    "Fact",
    "FactError",
    "FactKind",
    "FactValue",
    "Facts",
    "Field",
    "FieldKind",
    "FieldValue",
    "FieldValueError",
    "Library",
    "Need",
    "OtherLibraryError",
    "OwnChange",
    "Party",
    "Refusal",
    "UnknownAgreementError",
    "UnknownFieldError",
    "assemble",
    "changes",
    "examine",
    "library_form",
    "library_sha256",
    "load_agreements",
    "needed",
    "read_agreements",
]
