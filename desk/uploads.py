"""A limit on files sent to us, kept while they arrive: Django's own limits count form fields only, and no file."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from desk.csv_files import MAX_BYTES

HOPELESS = 4 * MAX_BYTES
"""Bytes announced beyond which nothing is read any more; below, the rest is read and thrown away, so that the page can answer."""


class LimitedUploadHandler(FileUploadHandler):
    """Stands before the handlers that store: what is larger than 50 MB never reaches memory or disk.

    The view finds no file, and `request.upload_was_too_large` says why.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: str, encoding: str | None = None) -> None:  # noqa: N803
        """Look at what is announced."""
        self.announced = content_length
        if content_length > HOPELESS:
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Look at what is announced before a byte is stored."""
        super().new_file(*args, **kwargs)
        # The announced length counts the borders of the form too.
        if self.announced > MAX_BYTES + 100_000:
            self._skip()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the piece on, while there is room."""
        if start + len(raw_data) > MAX_BYTES:
            self._skip()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind have it."""

    def _skip(self) -> None:
        self.request.upload_was_too_large = True  # type: ignore[union-attr]
        raise SkipFile
