"""All due work, once, in this process: for cron instead of a cluster, for tests, and for a world made under a moving clock."""

from collections.abc import Sequence
from datetime import datetime

from config.schedules import SCHEDULES, Scheduled

PASSES = 10
"""What one job does may be work for another, and for one before it; more passes than this mean a circle."""


def sweep(at: datetime, schedules: Sequence[Scheduled] = SCHEDULES, *, passes: int = PASSES) -> dict[str, int]:
    """Run every swept job at the instant `at`, over and over until none of them changes anything, at most `passes` times.

    It stops as soon as every job has run since the last change. Answers how much each job did, by its dotted path. A job that
    raises stops the sweep: jobs catch the failure of a single row themselves.
    """
    jobs = [(scheduled.job, scheduled.resolve()) for scheduled in schedules if scheduled.is_swept]
    counts = {path: 0 for path, _ in jobs}
    idle = 0
    for path, job in jobs * passes:
        done = work_done(job(at=at))
        counts[path] += done
        idle = 0 if done else idle + 1
        if idle == len(jobs):
            break
    return counts


def work_done(answer: object) -> int:
    """How much a job changed, from its answer: a number, or counts by name, of which `failed` ones changed nothing."""
    if isinstance(answer, dict):
        return sum(count for name, count in answer.items() if name != "failed" and isinstance(count, int))
    return answer if isinstance(answer, int) else 0
