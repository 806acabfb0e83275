"""The lessons that there are now."""

from __future__ import annotations

from lessons.model import Catalogue


class Library:
    """Holds the catalogue; everybody asks here, so that an author's newer one is there at once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @property
    def catalogue(self) -> Catalogue:
        """All lessons as they are now."""
        return self._catalogue

    def put(self, catalogue: Catalogue) -> None:
        """From now on there are these lessons."""
        self._catalogue = catalogue
