"""The lines of a mark: the header's, the footer's, the banner's and the watermark's.

Source: the seed guide 五(一)1 for the four parts and their order.  Words only; places and looks are the
formats'.
"""

from __future__ import annotations

from typing import Final

from shoumi.engine.marking.values import Form, Mark

# name or number, level, period, owner unit; then the few words that fit into a header or watermark
NAMES: Final[dict[str, tuple[str, str, str, str]]] = {
    "zh": ("名称或编号", "密级", "保密期限", "权属单位"),
    "ja": ("名称・番号", "秘密区分", "秘密保持期間", "所管部署"),
    "en": ("Name or number", "Level", "Period", "Owner unit"),
}
BRIEFLY: Final[dict[str, str]] = {
    "zh": "请履行保密义务",
    "ja": "秘密保持義務があります",
    "en": "Keep it secret",
}
_COLON: Final[dict[str, str]] = {"zh": "：", "ja": "：", "en": ": "}


def named_parts(mark: Mark) -> list[str]:
    """Return the four parts, each behind its name."""
    colon = _COLON[mark.language]
    return [f"{name}{colon}{part}" for name, part in zip(NAMES[mark.language], mark.parts, strict=True)]


def header_line(mark: Mark) -> str:
    """Return the four parts and the shortest reminder."""
    return " | ".join([mark.level, mark.title, mark.period, mark.owner, BRIEFLY[mark.language]])


def footer_lines(mark: Mark, form: Form) -> list[str]:
    """Return the reminder, and the line of this copy if there is one."""
    return [line for line in (mark.reminder, form.copy) if line]


def banner_lines(mark: Mark) -> list[str]:
    """Return the level alone, the four parts by name, and the reminder."""
    first, second, third, fourth = named_parts(mark)
    return [mark.level, f"{first}  {second}", f"{third}  {fourth}", mark.reminder]


def watermark_line(mark: Mark, form: Form) -> str:
    """Return level, shortest reminder, and name or number; of a traceable copy its line, which has it too."""
    return "  ".join([mark.level, BRIEFLY[mark.language], form.copy or mark.title])


def characters(mark: Mark, form: Form) -> str:
    """Return every character that any line of this mark needs, sorted."""
    lines = [header_line(mark), watermark_line(mark, form), *footer_lines(mark, form), *banner_lines(mark)]
    return "".join(sorted(set("".join(lines))))
