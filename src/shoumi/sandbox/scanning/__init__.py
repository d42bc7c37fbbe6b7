"""Inspects files of a disk: walks to them, lets workers inspect, remembers what is done, tells it in order.

    setting = Setting(indexes=(…,))
    with Scan(LocalEngine(setting, jobs=2), policy, Facts(), state=state) as scan:
        for record, findings in scan.run(walk([Path("share")], Skips())):
            report.file(record, findings)

Nothing but regular files is ever opened, links are not followed, and nothing that could not be read passes in
silence.  The command line, the console and the cluster call this; judging is the engine's, printing theirs.
"""

from shoumi.sandbox.scanning.indexes import (
    IndexFile,
    IndexKeyExposedError,
    IndexMissingError,
    IndexShelf,
)
from shoumi.sandbox.scanning.local import LocalEngine
from shoumi.sandbox.scanning.running import Scan
from shoumi.sandbox.scanning.setting import Setting
from shoumi.sandbox.scanning.state import ScanState, StateBusyError, StateFormError
from shoumi.sandbox.scanning.walking import Candidate, Skips, shown, walk

__all__ = [
    "Candidate",
    "IndexFile",
    "IndexKeyExposedError",
    "IndexMissingError",
    "IndexShelf",
    "LocalEngine",
    "Scan",
    "ScanState",
    "Setting",
    "Skips",
    "StateBusyError",
    "StateFormError",
    "shown",
    "walk",
]
