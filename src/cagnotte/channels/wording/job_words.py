"""What the jobs of the clock are called, and how a run of one ended."""

from cagnotte.application.run_jobs import Job, JobOutcome
from cagnotte.channels.wording import N_

JOBS: dict[Job, str] = {
    Job.EXPIRY: N_("expiry and tiers"),
    Job.SEAL: N_("seal of the books"),
    Job.PROOF: N_("proof of the books"),
}
OUTCOMES: dict[JobOutcome, str] = {
    JobOutcome.DONE: N_("Done"),
    JobOutcome.REFUSED: N_("Faults found"),
    JobOutcome.FAILED: N_("Failed, tried again every five minutes"),
}
