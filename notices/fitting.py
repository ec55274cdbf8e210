"""How much of what must be said fits into a text. Pure: sentences in, the beginning of them out."""

from collections.abc import Callable, Sequence

from notices.segments import MOST, count, plain


def as_many_as_fit(sentences: Sequence[str], *, filled: Callable[[str], str], most: int = MOST) -> str:
    """As many whole sentences, in their order, as leave the text within `most` messages. `filled` puts words into the text.

    What does not fit is dropped from the end. The first sentence always stays, also where the text gets too long by it: a text
    that states nothing must not go out, and one that is too long is not sent.
    """
    tidy = [" ".join(sentence.split()) for sentence in sentences]
    for kept in range(len(tidy), 1, -1):
        words = " ".join(tidy[:kept])
        if count(plain(filled(words)).strip()).parts <= most:
            return words
    return " ".join(tidy[:1])
