"""What those who act are called now: colleagues by the names of their accounts. The trail itself keeps their keys.

The accounts are read once within `looked_up_once`: for a request, or for a file that is written after it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.text import capfirst

from audit.actors import WITHOUT_KIND, spoken
from audit.finding import references_for

_kept: ContextVar[list[Mapping[str, str]] | None] = ContextVar("names_of_colleagues", default=None)
"""Nothing where no name is kept; else empty until they are read, and then one table, which may be empty too."""
_OF_OTHERS = {*WITHOUT_KIND, *WITHOUT_KIND.values()}
"""What no colleague may be called on a page, whatever name they gave themselves; nor may a name begin like a customer's."""


def called(key: str) -> str:
    """Who acted, within a sentence: "Mina Roth", "customer cus_7", "the system"."""
    return spoken(key, colleagues()) if key.startswith("staff:") else spoken(key)


def titled(key: str) -> str:
    """The same where it stands alone or first: "The system". Names stay as their owners write them."""
    return called(key) if key.startswith("staff:") else capfirst(called(key))


def colleagues() -> Mapping[str, str]:
    """What colleagues are called, by user name; whoever gave no name is not among them."""
    kept = _kept.get()
    if kept is None:
        return _read()
    if not kept:
        kept.append(_read())
    return kept[0]


@dataclass(frozen=True)
class Meant:
    """Whom or what a person may mean by what they typed: references, user names of colleagues, and keys of who acted."""

    references: Sequence[str]
    logins: Sequence[str]
    keys: Sequence[str]


def meant(text: str) -> Meant:
    """Colleagues by user name, first name, surname or both, in any case; all else as the apps know it, and as pages write it."""
    wanted = " ".join(text.split())
    first, _, rest = wanted.partition(" ")
    references = references_for(rest if rest and first.casefold() == "customer" else wanted)
    logins = [user.get_username() for user in _accounts() if wanted and wanted.casefold() in _words_for(user)]
    nobody = [key for key, words in WITHOUT_KIND.items() if wanted.casefold() == words]
    kinds = [f"{kind}:{name}" for kind in ("staff", "customer") for name in references]
    return Meant(references, logins, [*references, *kinds, *nobody, *(f"staff:{login}" for login in logins)])


@contextmanager
def looked_up_once() -> Iterator[None]:
    """Within, the names are read when the first one is asked for, and kept."""
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def written(lines: Iterator[bytes]) -> Iterator[bytes]:
    """A file that goes out line by line after its request, with the names looked up once for all of it."""
    names: list[Mapping[str, str]] = []
    while True:
        token = _kept.set(names)
        try:
            line = next(lines, None)
        finally:
            _kept.reset(token)
        if line is None:
            return
        yield line


def _accounts() -> Iterable[Any]:
    return get_user_model()._default_manager.only("username", "first_name", "last_name")


def _read() -> dict[str, str]:
    names = {user.get_username(): user.get_full_name() for user in _accounts()}
    meant = Counter(word for pair in names.items() for word in {text.casefold() for text in pair})
    return {
        login: name if meant[name.casefold()] == 1 and _is_plain(name.casefold()) else f"{name} ({login})"
        for login, name in names.items()
        if name
    }


def _is_plain(name: str) -> bool:
    return name not in _OF_OTHERS and not name.startswith(("customer ", "colleague "))


def _words_for(user: Any) -> set[str]:
    """All that somebody may type for a colleague, as a page may show it."""
    login, full = user.get_username(), user.get_full_name()
    words = {login, full, user.first_name, user.last_name, f"{full} ({login})"}
    return {word.casefold() for word in words}
