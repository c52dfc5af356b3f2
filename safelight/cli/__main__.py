"""`python -m safelight.cli`: the command line."""

from safelight.cli import main

raise SystemExit(main())
