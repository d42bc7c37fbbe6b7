"""The rows of the register of trade secrets, one module per concern.

Follows the seed guide, section 四 (designation, levels, periods, scope, declassification, change).
Rows hold what is known about a secret; its content lives encrypted in `files` and is never copied here.
"""

from shoumi.server.register.models.assessment import (
    Deviation,
    ElementEvidence,
    ElementJudgement,
    ExclusionAnswer,
    FactorScore,
)
from shoumi.server.register.models.books import (
    BookDifference,
    BookEntry,
    BookLine,
    BookSignature,
    Reconciliation,
)
from shoumi.server.register.models.carriers import CarrierRule, Handover, LabelPrint, Mark
from shoumi.server.register.models.catalogues import CatalogueEntry
from shoumi.server.register.models.copies import CopyIssue, CopySearch, TileKey
from shoumi.server.register.models.customer_information import CustomerInformation
from shoumi.server.register.models.defaults import LevelDefault
from shoumi.server.register.models.duties import Duty
from shoumi.server.register.models.history import (
    DeclassificationAct,
    ExpiryNotice,
    MarkingTask,
    Publication,
    SecretChange,
    SecretFiling,
    SecretVersion,
)
from shoumi.server.register.models.holdings import Carrier, ScopeEntry, SecretFile
from shoumi.server.register.models.inventory import Inventory, InventoryItem, InventoryScan
from shoumi.server.register.models.legacy import LegacyBatch, LegacyRow
from shoumi.server.register.models.life import LifeEvent
from shoumi.server.register.models.marking import EmbeddedMark, MarkLook
from shoumi.server.register.models.operations import (
    Operation,
    OperationAct,
    OperationExtension,
    OperationFiling,
    OperationLine,
    OperationNotice,
    OperationSeries,
    OperationTemplate,
    OperationWitness,
)
from shoumi.server.register.models.scope_notices import ScopeNotice
from shoumi.server.register.models.secrets import NumberSeries, TradeSecret
from shoumi.server.register.models.storage import (
    AccessReview,
    Attestation,
    BackupRecord,
    Servicing,
    StorageAccount,
    StorageFinding,
    StorageUnit,
)
from shoumi.server.register.models.third_parties import ConfidentialityAgreement, ThirdParty

__all__ = [
    "AccessReview",
    "Attestation",
    "BackupRecord",
    "BookDifference",
    "BookEntry",
    "BookLine",
    "BookSignature",
    "Carrier",
    "CarrierRule",
    "CatalogueEntry",
    "ConfidentialityAgreement",
    "CopyIssue",
    "CopySearch",
    "CustomerInformation",
    "DeclassificationAct",
    "Deviation",
    "Duty",
    "ElementEvidence",
    "ElementJudgement",
    "EmbeddedMark",
    "ExclusionAnswer",
    "ExpiryNotice",
    "FactorScore",
    "Handover",
    "Inventory",
    "InventoryItem",
    "InventoryScan",
    "LabelPrint",
    "LegacyBatch",
    "LegacyRow",
    "LevelDefault",
    "LifeEvent",
    "Mark",
    "MarkLook",
    "MarkingTask",
    "NumberSeries",
    "Operation",
    "OperationAct",
    "OperationExtension",
    "OperationFiling",
    "OperationLine",
    "OperationNotice",
    "OperationSeries",
    "OperationTemplate",
    "OperationWitness",
    "Publication",
    "Reconciliation",
    "ScopeEntry",
    "ScopeNotice",
    "SecretChange",
    "SecretFile",
    "SecretFiling",
    "SecretVersion",
    "Servicing",
    "StorageAccount",
    "StorageFinding",
    "StorageUnit",
    "ThirdParty",
    "TileKey",
    "TradeSecret",
]
