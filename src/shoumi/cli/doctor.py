"""`shoumi doctor`: checks a deployment and says what to do.

Exits 0 when nothing failed, 5 when something did; warnings do not fail.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict

from shoumi.engine.errors import ConfigurationError

MARKS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


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
    from shoumi.server.project.doctor import Level, examine

    findings = examine(config)
    failed = any(finding.level is Level.FAIL for finding in findings)
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(f"{MARKS[finding.level]}  {finding.about:9} {finding.text}")
            if finding.remedy:
                print(f"{'':16}→ {finding.remedy}")
        print("\nSomething needs mending." if failed else "\nThis installation is in order.")
    return ConfigurationError.exit_status if failed else 0
