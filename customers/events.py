"""What can be recorded about customers: past-tense names, each with its sentence.

Sentences and data hold references, words of ours, numbers and days; never a name, an address or a phone number.
"""

EVENTS: dict[str, str] = {
    "customer.registered": "Registered as {membership}; origin: {origin}.",
    "customer.imported": "Imported as {membership}; origin: {origin}.",
    "customer.updated": "Profile changed: {fields}.",
    "customer.membership_changed": "Membership changed from {before} to {after}.",
    "customer.verified": "Registration verified: {how}.",
    "customer.activated": "Became an active customer on {on}.",
    "customer.score_read": "Credit scores were read ({count}).",
    "customer.erased": "Personal data erased.",
    "consent.recorded": "Consent to {purpose} by {channel} {given}: {how}.",
    "import.uploaded": "File of {kind} uploaded: {bytes} bytes, SHA-256 {sha256}.",
    "import.reread": "The file is read as {encoding}.",
    "import.mapped": "Its columns were named ({columns}); the check begins.",
    "import.checked": "Checked: {created} new, {updated} changed, {unchanged} unchanged, {rejected} rejected; SHA-256 {sha256}.",
    "import.started": "Started; SHA-256 {sha256}.",
    "import.finished": "Done: {created} new, {updated} changed, {unchanged} unchanged, {rejected} rejected; SHA-256 {sha256}.",
    "import.failed": "Stopped after line {line}.",
    "import.cancelled": "Cancelled; lines stored by then: {done}.",
    "import.file_deleted": "The file and what was shown of it were deleted.",
    "attribute.declared": "Attribute declared, type {type}.",
    "agreement.drafted": "Version {number} drafted.",
    "agreement.published": "Version {number} published with SHA-256 {sha256}.",
    "agreement.translated": "Version {number}, its translation into {language} {what}.",
    "agreement.accepted": "Accepted {agreement}, version {number}, for {subject}: {how}.",
}
