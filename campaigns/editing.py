"""Changing the rules of a campaign: always as a new version, so that what was decided under the old one stays decided."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from audit import trail
from audit.actors import Actor
from campaigns.models import Campaign, EligibilityRule
from campaigns.recipe_parts import RulePart, Value, rules_in_words
from campaigns.refusals import CampaignRefused
from campaigns.rule_checks import all_problems
from campaigns.states import CampaignState
from customers.facts import fields

OVER = frozenset({CampaignState.ENDED, CampaignState.ARCHIVED})
"""States in which nothing about a campaign changes any more."""


def new_rules_version(*, campaign: Campaign, rules: Sequence[RulePart], at: datetime, by: Actor) -> int:
    """Put `rules` in force as the next version and answer its number. Rules that are in force already change nothing.

    Refuses with `over` for an ended campaign and with `rules_invalid`, all problems in `reasons`. Starting to use a credit
    score needs the permission to read one.
    """
    by.require("campaigns.change_campaign")
    return replace_rules(campaign=campaign, rules=rules, at=at, by=by)


def replace_rules(*, campaign: Campaign, rules: Sequence[RulePart], at: datetime, by: Actor) -> int:
    """As `new_rules_version`, for verbs of this app that asked their own permission already."""
    with transaction.atomic():
        lock(campaign)
        require_not_over(campaign)
        before, after = stored_rules(campaign), tuple(rules)
        if before == after:
            return campaign.rules_version
        _check(before, after, by)
        version = campaign.rules_version + 1
        Campaign.objects.filter(pk=campaign.pk).update(rules_version=F("rules_version") + 1)
        campaign.rules_version = version
        write_rules(campaign, after)
        trail.record(
            "campaign.rules_changed",
            about=campaign,
            by=by,
            at=at,
            version=version,
            before=rules_in_words(before),
            after=rules_in_words(after),
        )
        return version


def check_rules(rules: Sequence[RulePart], *, by: Actor, before: Sequence[RulePart] = ()) -> None:
    """Refuse rules that are not valid here, and a new use of a credit score by someone who may not read one."""
    _check(tuple(before), tuple(rules), by)


def stored_rules(campaign: Campaign) -> tuple[RulePart, ...]:
    """The rules in force, as plain data, in their order."""
    rows = EligibilityRule.objects.filter(campaign=campaign, version=campaign.rules_version).order_by("id")
    return tuple(
        RulePart(
            side=row.side,
            field=row.field,
            operator=row.operator,
            value=_frozen(row.value),
            sentence=row.sentence,
            group=row.group,
            justification=row.justification,
            source=row.source,
        )
        for row in rows
    )


def write_rules(campaign: Campaign, rules: Sequence[RulePart]) -> None:
    """Store rules as those of the campaign's present version. Part of a verb that checked and records them."""
    known = fields()
    for rule in rules:
        EligibilityRule.objects.create(
            campaign=campaign,
            version=campaign.rules_version,
            side=rule.side,
            field=rule.field,
            operator=rule.operator,
            value=list(rule.value) if isinstance(rule.value, tuple) else rule.value,
            sentence=rule.sentence,
            group=rule.group,
            is_sensitive=known[rule.field].is_sensitive,
            justification=rule.justification,
            source=rule.source,
        )


def lock(campaign: Campaign) -> None:
    """Hold the campaign's row until the transaction ends, and read it afresh."""
    campaign.refresh_from_db(from_queryset=Campaign.objects.select_for_update())


def require_not_over(campaign: Campaign) -> None:
    """Refuse with `over` when the campaign has ended."""
    if campaign.state in OVER:
        raise CampaignRefused(
            "over",
            f"The campaign “{campaign}” is {campaign.get_state_display().lower()} and does not change any more. "
            "Export it, give it another slug, and load that.",
        )


def _check(before: tuple[RulePart, ...], after: tuple[RulePart, ...], by: Actor) -> None:
    problems = all_problems(after, fields())
    if problems:
        raise CampaignRefused("rules_invalid", "These rules cannot be used: " + " · ".join(problems), problems)
    if any(rule.field == "credit_score" and rule not in before for rule in after):
        by.require("customers.read_credit_score")


def _frozen(value: object) -> Value:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]
