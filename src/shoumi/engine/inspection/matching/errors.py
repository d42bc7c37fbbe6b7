"""Why an index is not opened or not built: each thing that somebody would do differently is a leaf."""

from __future__ import annotations

from shoumi.engine.errors import InputError


class NotAnIndexError(InputError):
    """The bytes are no index of the kind asked for, or of a version that this program does not read."""

    code = "inspection.not_an_index"
    message = "This is not an index of the kind {kind} that this version can read."


class OtherKeyError(InputError):
    """The index was made with another key."""

    code = "inspection.other_key"
    message = "The index was made with another key."


class IndexAlteredError(InputError):
    """Somebody or something changed the index after it was made, or part of it is missing."""

    code = "inspection.index_altered"
    message = "The index was altered or is incomplete; build it anew."


class IndexKeyError(InputError):
    """A key is not 32 bytes long."""

    code = "inspection.index_key"
    message = "A key of an index must have 32 bytes; this one has {length}."


class IndexFullError(InputError):
    """A count is over what the format can number."""

    code = "inspection.index_full"
    message = "The index cannot hold that many {what}; the limit is {limit}. Divide it."


class RuleError(InputError):
    """A rule of an index contradicts itself or its table."""

    code = "inspection.index_rule"
    message = "The rule of the index does not fit: {reason}."


class ColumnMissingError(RuleError):
    """A table lacks columns that the rule or the command names."""

    code = "inspection.column_missing"
    message = "The table has no column {columns}."


class SheetMissingError(RuleError):
    """A workbook lacks the sheet that was asked for."""

    code = "inspection.sheet_missing"
    message = "The workbook has no sheet {sheet}."
