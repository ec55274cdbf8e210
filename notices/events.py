"""What can be recorded about notices: past-tense names, each with its sentence."""

EVENTS: dict[str, str] = {
    "notice.queued": "Message “{title}” was put in the outbox ({channel}, {language}).",
    "notice.tested": "A test of version {version} of “{title}” ({language}) was written to the member of staff who asked for it.",
    "notice.suppressed": "Message “{title}” is not sent: {why}.",
    "notice.sent": "Message “{title}” was handed to the mail server at attempt {attempt}.",
    "notice.postponed": "Message “{title}” could not be sent at attempt {attempt} ({answer}); next attempt at {again_at}.",
    "notice.failed": "The mail server refused message “{title}” for good ({answer}).",
    "notice.given_up": "Message “{title}” was given up after {attempt} attempts ({answer}).",
    "notice.taken_back": "Sending of message “{title}” did not finish at attempt {attempt}; it waits in the outbox again.",
    "notice.held_back": "Message “{title}” was held back by hand: “{why}”",
    "notice.retried": "Message “{title}” was put back in the outbox by hand; it was “{before}”.",
    "template.drafted": "Draft {version} of “{title}” ({channel}, {language}) was written.",
    "template.published": "Version {version} of “{title}” ({channel}, {language}) was published.",
    "provider.told": "A provider told “{kind}”: {outcome}.",
    "provider.reply_settled": "An answer by SMS was read: {outcome}.",
    "sequence.saved": "A sequence was written, with {steps} messages.",
    "sequence.switched": "The sequence was switched {now}.",
    "sequence.removed": "The sequence was deleted.",
    "suppression.added": "An address is no longer written to by {channel}.",
    "suppression.lifted": "An address may be written to by {channel} again.",
}
