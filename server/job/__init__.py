"""Jobs: what was asked for, what became of it, and whose turn it is; in SQLite, so that nothing is lost."""

from server.job.face import Jobs
from server.job.query import Query
from server.job.record import DuplicateJob, Ending, Job, NewJob, StoreBusy, StoreFull, Summary
from server.job.store import JobStore

__all__ = [
    "DuplicateJob",
    "Ending",
    "Job",
    "JobStore",
    "Jobs",
    "NewJob",
    "Query",
    "StoreBusy",
    "StoreFull",
    "Summary",
]
