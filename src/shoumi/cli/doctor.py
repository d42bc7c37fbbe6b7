"""`shoumi doctor`: checks a deployment and says what to do.

Findings are told in the language of the environment; with --json in English.  Exits 0 when nothing failed, 5
when something did; warnings do not fail.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from shoumi.cli.speaking import language, tag
from shoumi.engine.errors import ConfigurationError
from shoumi.engine.inspection.report.table import padded
from shoumi.engine.jurisdiction.values import Texts

if TYPE_CHECKING:
    from shoumi.server.project.doctor import Finding

IN_ORDER = Texts("本套系统状态正常。", "このシステムに異常はありません。", "This installation is in order.")
TO_MEND = Texts("有需要处理的问题。", "対処が必要な問題があります。", "Something needs mending.")
_MARK_WIDTH, _PART_WIDTH = 6, 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace) -> int:
    """Print every finding with its remedy; return the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoumi.server.project.settings")
    from shoumi.server.project.config import load_config

    config = load_config()
    import django

    django.setup()
    from django.utils.translation import override

    from shoumi.server.project.doctor import Level, examine

    with override("en" if args.json else tag()):
        findings = examine(config)
        failed = any(finding.level is Level.FAIL for finding in findings)
        if args.json:
            print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
        else:
            print("\n".join(_lines(findings)))
            print(f"\n{(TO_MEND if failed else IN_ORDER).in_language(language())}")
    return ConfigurationError.exit_status if failed else 0


def _lines(findings: Sequence[Finding]) -> list[str]:
    from shoumi.server.project.doctor import MARKS, PARTS

    lines = []
    for finding in findings:
        mark = padded(str(MARKS[finding.level]), _MARK_WIDTH)
        part = padded(str(PARTS.get(finding.about, finding.about)), _PART_WIDTH)
        lines.append(f"{mark}{part}{finding.text}")
        lines += [f"{'':{_MARK_WIDTH + _PART_WIDTH}}→ {finding.remedy}"] if finding.remedy else []
    return lines
