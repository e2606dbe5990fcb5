"""Guides: lines to align to, kept with the document and never painted into it."""

from dataclasses import dataclass, replace

from editor.document.document import Document, Guide


@dataclass(frozen=True, slots=True)
class SetGuides:
    """Have these guides and no others; two at the same place are one."""

    guides: tuple[Guide, ...]

    def apply(self, document: Document) -> Document:
        """Return the document with the guides; the same document where it has them already."""
        guides = tuple(dict.fromkeys(self.guides))
        return document if guides == document.guides else replace(document, guides=guides)
