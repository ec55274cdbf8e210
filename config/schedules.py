"""When background work runs: the one table. `manage.py sync_schedules` makes the database equal to it.

Every job is a sweep over the state of the rows, so a run that is late, doubled or lost changes nothing but the delay.
The order is the order of a day's events, which `manage.py sweep` follows: campaigns open before holds expire, and so on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Scheduled:
    """One job: its name for people, the dotted path that is run, and the minutes between two runs.

    `is_swept` says whether the job changes the state of the business; only such jobs belong to a sweep.
    """

    name: str
    job: str
    minutes: int = 1
    is_swept: bool = True

    def resolve(self) -> Callable[..., Any]:
        """The job itself. Raises `ImportError` when the path leads nowhere."""
        job: Callable[..., Any] = import_string(self.job)
        return job


SCHEDULES = (
    Scheduled("Open and close campaigns", "campaigns.jobs.open_and_close_campaigns"),
    Scheduled("Let holds expire", "equipment.jobs.expire_holds"),
    Scheduled("Fit loans to the days of places", "equipment.jobs.fit_pools", minutes=60),
    Scheduled("Promote those who wait", "equipment.jobs.promote_waitlists"),
    Scheduled("Store visits that were kept in files", "referrals.jobs.drain_visits"),
    Scheduled("Qualify ripe referrals", "referrals.jobs.qualify_ripe_referrals"),
    Scheduled("Count steps that were done", "referrals.jobs.complete_steps", minutes=5),
    Scheduled("Let stale referrals expire", "referrals.jobs.expire_stale_referrals", minutes=5),
    Scheduled("Let offers of substitutes lapse", "referrals.jobs.lapse_substitute_offers", minutes=5),
    Scheduled("Watch promises at risk", "referrals.jobs.watch_promises", minutes=5),
    Scheduled("Work out rewards", "rewards.jobs.accrue_qualified_referrals"),
    Scheduled("Work out the rewards of steps", "rewards.jobs.accrue_steps"),
    Scheduled("Take rewards back", "rewards.jobs.claw_back"),
    Scheduled("Give approved rewards", "rewards.jobs.fulfil_approved_rewards"),
    Scheduled("Tell of declined rewards", "rewards.jobs.carry_out_declines"),
    Scheduled("Let unclaimed rewards expire", "rewards.jobs.expire_unclaimed", minutes=10),
    Scheduled("Tell borrowers about their loans", "rewards.jobs.queue_loan_notices"),
    Scheduled("Remind borrowers", "rewards.jobs.remind_borrowers", minutes=10),
    Scheduled("Tell of what runs out soon", "rewards.jobs.tell_what_runs_out", minutes=10),
    Scheduled("Tell borrowers what the desk answered", "rewards.jobs.tell_loan_answers"),
    Scheduled("Make copies of their data for customers", "rewards.jobs.make_data_exports"),
    Scheduled("Mail customers the way in to their pages", "rewards.jobs.send_portal_links"),
    Scheduled("Tell referrers about their friends", "referrals.jobs.tell_referrers"),
    Scheduled("Tell of milestones", "rewards.jobs.tell_milestones", minutes=5),
    Scheduled("Follow sequences of messages", "notices.jobs.follow_sequences", minutes=15),
    Scheduled("Carry on with mailings", "referrals.jobs.carry_on_mailings"),
    Scheduled("Send notices", "notices.jobs.send_queued_notices"),
    Scheduled("Apply what providers told", "notices.jobs.apply_provider_events"),
    Scheduled("Carry on with imports", "customers.jobs.carry_on_imports"),
    Scheduled("Seal the audit trail", "audit.jobs.seal_entries"),
    Scheduled("Show that background work is alive", "config.jobs.beat", is_swept=False),
    Scheduled("Delete old import files", "customers.jobs.forget_import_files", minutes=60, is_swept=False),
    Scheduled("Forget old words of providers", "notices.jobs.forget_provider_words", minutes=60, is_swept=False),
    Scheduled("Forget failed log-ins and ended sessions", "config.jobs.forget_sign_ins", minutes=15, is_swept=False),
    Scheduled("Delete copies of data after a day", "rewards.jobs.delete_data_exports", minutes=15, is_swept=False),
    Scheduled("Forget old sign-ins of customers", "rewards.jobs.forget_portal_traces", minutes=60, is_swept=False),
    Scheduled("Delete photos that belong to nothing", "equipment.jobs.remove_stray_photos", minutes=60, is_swept=False),
    Scheduled("Forget how often an address has tried", "config.jobs.forget_tallies", minutes=15, is_swept=False),
    Scheduled("Forget old failures of the queue", "config.jobs.prune_queue", minutes=60, is_swept=False),
)

ON_DEMAND = {
    "config.jobs.mail_password_reset": "woken when staff forgot a password; whoever gets no mail asks again",
    "customers.jobs.carry_on_import": "woken when a file is to be checked or stored; carry_on_imports finds what it missed",
    "notices.jobs.apply_provider_event": "woken when a provider told something; apply_provider_events finds what it missed",
    "notices.jobs.send_notice": "woken when a notice is queued; send_queued_notices finds what it missed",
    "rewards.jobs.follow_loan": "woken when a loan moves; queue_loan_notices and fulfil_approved_rewards find what it missed",
    "rewards.jobs.accrue_referral": "woken when a referral qualifies; accrue_qualified_referrals finds what it missed",
}
"""Jobs that are only ever woken, each with what finds the work when the wake-up is lost."""
