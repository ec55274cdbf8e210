"""What the trail says about staff and how they sign in. Never a password, a code, a key or an address."""

EVENTS: dict[str, str] = {
    "staff.signed_in": "Logged in, {how}.",
    "staff.sign_in_failed": "A log-in was refused: the password was wrong, or the account is switched off.",
    "staff.unknown_sign_in": "A log-in was refused: nobody has that user name.",
    "staff.code_failed": "A wrong code was typed as second factor.",
    "staff.locked": "Locked at one address for 15 minutes, after five wrong passwords.",
    "staff.factor_added": "Set up a second factor: {kind}.",
    "staff.factor_removed": "Removed a second factor: {kind}.",
    "staff.codes_replaced": "Made new recovery codes; the old ones are void.",
    "staff.factor_reset": "The second factor was reset, and all sessions were ended.",
    "staff.sessions_ended": "Logged out of {count} browsers.",
    "staff.password_changed": "Changed the password; all other sessions ended.",
    "staff.password_reset": "Set a new password with a link sent by mail.",
}
