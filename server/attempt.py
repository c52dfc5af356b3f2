"""Attempt: a job that a worker has, and the ends that it can come to without the worker's word."""

from __future__ import annotations

from dataclasses import dataclass, field

from safelight.core.error import SafelightError
from safelight.message import Ended, Happened, Run
from server.headway import Headway
from server.job.record import Ending, Job
from server.log import job_line
from server.pool.protocol import Lost

DEATHS = 2
"""Workers that a job may lose without coming on."""


@dataclass(eq=False)
class Attempt:
    """One attempt at a job."""

    job: Job
    worker: str
    cancelled: bool = False
    over: bool = False
    """Its end is being kept, or it went back to the queue."""
    headway: Headway = field(default_factory=Headway)

    def order(self) -> Run:
        """What the worker is told to do. SafelightError if the job cannot be read."""
        job = self.job
        return Run(
            job.id,
            job.attempt,
            job.tree(),
            list(job.roots) or None,
            prompt=job.prompt_tree(),
            workflow=job.workflow,
            fresh=job.extra.get("fresh") is True,
            preview=job.preview_method or "auto",
            client=job.client_id,
        )

    def made(self, notice: Happened | Ended) -> bool:
        """Whether a report is of this attempt."""
        return (notice.job, notice.attempt) == (self.job.id, self.job.attempt)

    def cancelled_end(self) -> Ended:
        """The end of a job whose worker does not heed its cancelling."""
        tree = {"kind": "cancelled", "node": self.headway.node, "text": "Cancelled."}
        return Ended(self.job.id, self.job.attempt, "cancelled", error=tree)

    def failed_end(self, lost: Lost) -> Ended:
        """The end of a job that workers do not survive: why, at which node, and what the last one wrote."""
        job, node = self.job, self.headway.node
        entry = job.tree().get(node or "")
        problem = f"the worker was lost {DEATHS} times without coming on, the last time because {lost.reason}"
        error = SafelightError(problem, remedy="See the last lines of its log, or choose smaller sizes.")
        error.at(node=node, type=entry["type"] if entry is not None else None)
        tree = {**error.as_dict(), "kind": "worker_lost", "exception": "WorkerLost"}
        return Ended(job.id, job.attempt, "failed", error={**tree, "traceback": list(lost.log)})

    def line(self, ending: Ending) -> str:
        """The log's line of a job that ended, with its times in seconds."""
        job = self.job
        return job_line(
            id=job.id,
            status=ending.status,
            title=job.title or None,
            worker=self.worker,
            attempt=job.attempt,
            waited=round(((job.started or job.created) - job.created) / 1000, 3),
            seconds=round(ending.seconds, 3),
            nodes=len(ending.nodes),
            ran=sum(node.get("state") == "ran" for node in ending.nodes.values()),
        )
