"""What the trail says about itself."""

EVENTS: dict[str, str] = {
    "list.exported": "Exported as a file: {rows} rows. Filters: {filters}.",
    "row.added": "Added.",
    "row.edited": "Edited: {fields}.",
}
