"""Lets `python -m shoumi.cli` be the same as the `shoumi` command."""

import sys

from shoumi.cli import main

sys.exit(main())
