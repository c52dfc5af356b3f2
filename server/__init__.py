"""The server: HTTP, socket, jobs and the supervision of workers. Nothing here imports torch."""
