"""How many of something, in the words of the desk: 1 day, 30 days, 1,200 rewards. What customers read goes through `ngettext`."""


def counted(number: int, one: str) -> str:
    """So many of what one of is called `one`; the word takes an s unless there is exactly one."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def days(number: int) -> str:
    """So many days."""
    return counted(number, "day")
