"""What can be recorded about campaigns: past-tense names, each with its sentence."""

EVENTS: dict[str, str] = {
    "campaign.created": "Written from a recipe as a draft with {rules} rules and {tiers} tiers.",
    "campaign.changed": "Changed: {changed}.",
    "campaign.rules_changed": "Version {version} of the eligibility rules is in force.",
    "campaign.scheduled": "To start on {starts_on}.",
    "campaign.unscheduled": "Back to draft; it will not start by itself.",
    "campaign.launched": "Live, with version {rules_version} of the rules.",
    "campaign.paused": "Paused.",
    "campaign.resumed": "Live again.",
    "campaign.ended": "Ended.",
    "campaign.archived": "Archived.",
    "segment.begun": "Written, with {rules}.",
    "segment.changed": "Changed; it has {rules} now.",
}
