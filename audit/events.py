"""What the trail says about itself."""

EVENTS: dict[str, str] = {
    "row.added": "Added.",
    "row.edited": "Edited: {fields}.",
}
