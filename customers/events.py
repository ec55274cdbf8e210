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
    "attribute.declared": "Attribute declared, type {type}.",
    "agreement.drafted": "Version {number} drafted.",
    "agreement.published": "Version {number} published with SHA-256 {sha256}.",
    "agreement.accepted": "Accepted {agreement}, version {number}, for {subject}: {how}.",
}
