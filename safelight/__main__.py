"""`python -m safelight`: the command line."""

from safelight.cli import main

raise SystemExit(main())
