"""Why a message was not taken, and whether trying again can help."""


class DeliveryTrouble(Exception):
    """The provider did not take a message.

    `answer` is short and impersonal, for the trail (“550”, “timed out”); `reason` is the provider's own words, for staff;
    `is_temporary` says that a later attempt may succeed.
    """

    def __init__(self, answer: str, reason: str, *, is_temporary: bool) -> None:
        super().__init__(f"{answer}: {reason}")
        self.answer = answer
        self.reason = reason
        self.is_temporary = is_temporary
