"""How the house says no: a reason code for tests and machines, a sentence for people."""


class Refused(Exception):
    """A verb's refusal. `code` is stable and machine-readable; `sentence` says what happened, why, and what to do.

    `status` is the HTTP status a screen or an API answers with (409: the state of things forbids it).
    """

    status = 409

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class NotFound(Refused):
    """What was named does not exist, or is not for this person to see."""

    status = 404


class Invalid(Refused):
    """Input that cannot be used, however often it is sent again."""

    status = 422
