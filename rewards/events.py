"""What can be recorded about rewards."""

EVENTS: dict[str, str] = {
    "reward.accrued": "Reward “{tier}” became due to the {side}.",
    "reward.screened": "Screened: {state}.",
    "reward.approved": "Approved.",
    "reward.declined": "Declined.",
    "reward.asked": "The customer was asked for more.",
    "reward.undone": "The decision “{decision}” was undone.",
    "reward.decline_told": "The customer was told that it is declined, and what was kept for it is free.",
    "reward.waiting_for_unit": "Waits for a unit with the loan {loan}.",
    "reward.held": "Stopped for a person to look at.",
    "reward.fulfilled": "Given: {what}.",
    "reward.reopened": "Put back on a person's desk.",
    "reward.revoked": "Taken back.",
    "data_export.asked": "The customer asked for a copy of their data.",
    "data_export.made": "The copy of their data was made.",
    "data_export.fetched": "The customer fetched the copy of their data.",
    "data_export.deleted": "The copy was deleted: its day was over.",
    "portal.signed_in": "The customer opened their own pages with the {how} of a mail.",
    "portal.signed_out": "The customer left their own pages in one browser.",
    "portal.others_signed_out": "The customer signed out {count} other browsers.",
}
