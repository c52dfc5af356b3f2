"""The routes: each module lists its own in `ROUTES`; `server.app` mounts them at `/` and at `/api`."""
