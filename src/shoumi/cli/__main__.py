"""`python -m shoumi.cli` is the shoumi command."""

import sys

from shoumi.cli import main

sys.exit(main())
