"""What can be recorded about notices: past-tense names, each with its sentence."""

EVENTS: dict[str, str] = {
    "notice.queued": "Notice “{kind}” was put in the outbox ({channel}, {language}).",
    "notice.tested": "A test of version {version} of “{kind}” ({language}) was written to the member of staff who asked for it.",
    "notice.suppressed": "Notice “{kind}” is not sent: {why}.",
    "notice.sent": "Notice “{kind}” was handed to the mail server at attempt {attempt}.",
    "notice.postponed": "Notice “{kind}” could not be sent at attempt {attempt} ({answer}); next attempt at {again_at}.",
    "notice.failed": "The mail server refused notice “{kind}” for good ({answer}).",
    "notice.given_up": "Notice “{kind}” was given up after {attempt} attempts ({answer}).",
    "notice.taken_back": "Sending of notice “{kind}” did not finish at attempt {attempt}; it waits in the outbox again.",
    "notice.held_back": "Notice “{kind}” was held back by hand: “{why}”",
    "notice.retried": "Notice “{kind}” was put back in the outbox by hand; it was “{before}”.",
    "template.drafted": "Draft {version} of “{kind}” ({channel}, {language}) was written.",
    "template.published": "Version {version} of “{kind}” ({channel}, {language}) was published.",
    "provider.told": "A provider told “{kind}”: {outcome}.",
    "provider.reply_settled": "An answer by SMS was read: {outcome}.",
    "sequence.saved": "A sequence was written, with {steps} messages.",
    "sequence.switched": "The sequence was switched {now}.",
    "sequence.removed": "The sequence was deleted.",
    "suppression.added": "An address is no longer written to by {channel}.",
    "suppression.lifted": "An address may be written to by {channel} again.",
}
