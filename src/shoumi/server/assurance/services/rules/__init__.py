"""What can be done with rule documents: drafted, approved, made binding by the procedure, published, read."""

from shoumi.server.assurance.services.rules.approving import (
    RULE_KIND,
    register_rule_kind,
    version_reopen,
    version_submit,
)
from shoumi.server.assurance.services.rules.drafting import (
    AudienceValue,
    audience_set,
    clause_add,
    clause_move,
    clause_remove,
    clause_save,
    document_start,
    version_next,
)
from shoumi.server.assurance.services.rules.papers import docx_of, pdf_of
from shoumi.server.assurance.services.rules.publishing import (
    procedure_record,
    version_publish,
    version_retire,
)
from shoumi.server.assurance.services.rules.reading import rule_acknowledge, rule_remind

__all__ = [
    "RULE_KIND",
    "AudienceValue",
    "audience_set",
    "clause_add",
    "clause_move",
    "clause_remove",
    "clause_save",
    "document_start",
    "docx_of",
    "pdf_of",
    "procedure_record",
    "register_rule_kind",
    "rule_acknowledge",
    "rule_remind",
    "version_next",
    "version_publish",
    "version_reopen",
    "version_retire",
    "version_submit",
]
