"""A report for people: files with a verdict or findings, what was found in each, and a sum at the end.

Files in which nothing was found are counted, not listed.  Nothing that could steer a terminal gets through.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from shoumi.engine.inspection.inspecting import MISNAMED, UNMARKED
from shoumi.engine.inspection.report import wording
from shoumi.engine.inspection.report.details import detail_in
from shoumi.engine.inspection.report.records import FileRecord, FindingRecord, Summary, Write
from shoumi.engine.inspection.values import FindingKind, Reason
from shoumi.engine.inspection.verdict import Action

SHOWN: Final = 3  # findings of one sort in one member that are written out
_ACTION_WIDTH: Final = 10
_SIZES: Final = ("B", "KB", "MB", "GB", "TB")
_STEP: Final = 1000


class TableReport:
    """Writes a table, file by file."""

    def __init__(self, write: Write, language: str = "en") -> None:
        """Write with `write`, which takes text, in the language of the tag `language`."""
        self._write = write
        self._language = language

    def file(self, record: FileRecord, findings: Sequence[FindingRecord]) -> None:
        """Tell of one file."""
        if not findings:
            return
        if record.verdict.action == Action.ALLOW:  # daily business in one line
            self._write(self._brief(record, findings))
            return
        action = wording.ACTIONS[record.verdict.action].in_language(self._language)
        lines = [f"{padded(action, _ACTION_WIDTH)} {printable(record.path)}"]
        sorts: dict[tuple[str, str], list[FindingRecord]] = {}
        for finding in findings:
            sorts.setdefault((finding.id, finding.member), []).append(finding)
        for alike in sorts.values():
            lines += self._sort(alike)
        lines += [
            f"{'':{_ACTION_WIDTH}}   → {ground.reason.in_language(self._language)} [{ground.rule}]"
            for ground in record.verdict.grounds
            if ground.action == record.verdict.action
        ]
        self._write("\n".join(lines) + "\n")

    def end(self, summary: Summary) -> None:
        """Write the sum."""
        say = self._language
        lines = [""] if summary.findings else [wording.NOTHING.in_language(say)]
        counted = [(action, summary.verdicts[action]) for action in reversed(Action)]
        told = [f"{wording.ACTIONS[action].in_language(say)} {count}" for action, count in counted if count]
        lines += [" · ".join(told)] if told else []
        lines.append(
            wording.LOOKED_AT.in_language(say).format(
                files=wording.counted(wording.FILES, summary.files, say),
                size=size_text(summary.bytes),
                seconds=f"{summary.seconds:.1f}",
                findings=wording.counted(wording.FINDINGS, summary.findings, say),
                unreadable=f"{summary.unreadable:,}",
            )
        )
        if summary.reused:
            lines.append(wording.counted(wording.REUSED, summary.reused, say))
        if summary.skipped:
            lines.append(wording.counted(wording.SKIPPED, summary.skipped, say))
        self._write("\n".join(lines) + "\n")

    def _brief(self, record: FileRecord, findings: Sequence[FindingRecord]) -> str:
        """Return the line of a file in which nothing needs to be done."""
        action = wording.ACTIONS[record.verdict.action].in_language(self._language)
        counted = Counter(self._named(finding) for finding in findings)
        told = ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in counted.most_common())
        return f"{padded(action, _ACTION_WIDTH)} {printable(record.path)}: {told}\n"

    def _sort(self, alike: Sequence[FindingRecord]) -> list[str]:
        first = alike[0]
        count = f"×{len(alike)}" if len(alike) > 1 else ""
        member = f"  {printable(first.member)}" if first.member else ""
        head = f"{'':{_ACTION_WIDTH}} {padded(count, 5)} {self._named(first)}{member}"
        lines = [head]
        told = [self._told(finding) for finding in alike[:SHOWN]]
        lines += [f"{'':{_ACTION_WIDTH}}         {each}" for each in told if each]
        if len(alike) > SHOWN:
            more = wording.MORE.in_language(self._language).format(count=f"{len(alike) - SHOWN:,}")
            lines.append(f"{'':{_ACTION_WIDTH}}         … {more}")
        return lines

    def _named(self, finding: FindingRecord) -> str:
        say = self._language
        if finding.kind == FindingKind.UNREADABLE:
            reason = wording.REASONS[Reason(finding.matched)].in_language(say)
            return f"{wording.KINDS[finding.kind].in_language(say)}: {reason}"
        if finding.id == UNMARKED:
            return wording.UNMARKED.in_language(say)
        if finding.id == MISNAMED:
            content = wording.TYPES.get(finding.matched)
            told = content.in_language(say) if content else finding.matched
            return printable(wording.OTHER_KIND.in_language(say).format(value=told))
        kind = wording.KINDS[finding.kind].in_language(say)
        level = wording.LEVELS.get(finding.level)
        told = f" ({level.in_language(say)})" if level else ""
        if finding.kind in {FindingKind.EXACT, FindingKind.FINGERPRINT}:
            return printable(f"{kind} {finding.id}{told}")
        name = wording.name_of(finding.id)
        return printable(
            f"{name.in_language(say)} [{finding.id}]{told}" if name else f"{kind} {finding.id}{told}"
        )

    def _told(self, finding: FindingRecord) -> str:
        if finding.kind == FindingKind.UNREADABLE:
            return printable(detail_in(self._language, str(finding.facts.get("detail", ""))))
        if finding.id == MISNAMED:
            return ""
        texts = [self._place(finding), printable(finding.text)]
        check = wording.CHECKS.get(finding.check)
        why = ", ".join(
            each for each in (check.in_language(self._language) if check else "", *finding.context) if each
        )
        texts.append(f"({printable(why)})" if why else "")
        if finding.kind == FindingKind.FINGERPRINT:
            texts.append(printable(wording.FILE.in_language(self._language).format(value=finding.matched)))
        texts += [
            printable(form.in_language(self._language).format(value=value))
            for name, form in wording.FACTS.items()
            if (value := finding.facts.get(name))
        ]
        return "  ".join(each for each in texts if each)

    def _place(self, finding: FindingRecord) -> str:
        place = finding.location
        told = [str(place["sheet"])] if "sheet" in place else []
        told += [
            words.in_language(self._language).format(value=place[name])
            for name, words in wording.PLACES.items()
            if name in place
        ]
        return printable(" ".join(told))


def printable(text: str) -> str:
    """Return `text` on one line, with everything that could steer a terminal written as a question mark."""
    return "".join(each if each.isprintable() else " " if each.isspace() else "?" for each in text)


def size_text(size: float) -> str:
    """Return a number of bytes in few words, such as `1.2 GB`."""
    unit = 0
    while size >= _STEP and unit < len(_SIZES) - 1:
        size /= _STEP
        unit += 1
    return f"{size:.0f} {_SIZES[unit]}" if unit == 0 else f"{size:.1f} {_SIZES[unit]}"


def padded(text: str, width: int) -> str:
    """Return `text` with spaces up to `width` columns of a terminal, where CJK letters take two."""
    taken = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    return text + " " * max(0, width - taken)
