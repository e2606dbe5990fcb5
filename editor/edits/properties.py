"""One property of one layer set to a value: name, opacity, blend mode, eye, locks, clipping."""

from dataclasses import dataclass, replace

from editor.document.document import Document
from editor.document.layer import (
    BlendMode,
    Group,
    Label,
    LayerId,
    Locks,
    Mask,
    quantized_opacity,
)
from editor.edits.edit import EditError, found


@dataclass(frozen=True, slots=True)
class SetName:
    """Name a layer; a name of blanks alone changes nothing."""

    layer: LayerId
    name: str

    def apply(self, document: Document) -> Document:
        """Return the document with the layer named so."""
        found(document, self.layer)
        name = self.name.strip()
        if not name:
            return document
        return document.replaced(self.layer, lambda layer: replace(layer, name=name))


@dataclass(frozen=True, slots=True)
class SetOpacity:
    """Set a layer's opacity, 0.0 to 1.0, rounded to steps of 1/255."""

    layer: LayerId
    opacity: float

    def apply(self, document: Document) -> Document:
        """Return the document with the layer that opaque."""
        found(document, self.layer)
        opacity = quantized_opacity(self.opacity)
        return document.replaced(self.layer, lambda layer: replace(layer, opacity=opacity))


@dataclass(frozen=True, slots=True)
class SetBlendMode:
    """Set how a layer meets its backdrop; only a group can pass through."""

    layer: LayerId
    mode: BlendMode

    def apply(self, document: Document) -> Document:
        """Return the document with the layer in that mode."""
        layer = found(document, self.layer)
        if self.mode is BlendMode.PASS_THROUGH and not isinstance(layer, Group):
            raise EditError(f"“{layer.name}” is not a group, so it cannot pass through.")
        return document.replaced(self.layer, lambda each: replace(each, blend_mode=self.mode))


@dataclass(frozen=True, slots=True)
class SetVisible:
    """Open or close a layer's eye."""

    layer: LayerId
    visible: bool

    def apply(self, document: Document) -> Document:
        """Return the document with the layer shown or hidden."""
        found(document, self.layer)
        return document.replaced(self.layer, lambda layer: replace(layer, visible=self.visible))


@dataclass(frozen=True, slots=True)
class SetModelVisible:
    """Open or close a layer's eye for the model."""

    layer: LayerId
    visible: bool

    def apply(self, document: Document) -> Document:
        """Return the document with the layer seen or not seen by generation."""
        found(document, self.layer)
        return document.replaced(
            self.layer, lambda layer: replace(layer, model_visible=self.visible)
        )


@dataclass(frozen=True, slots=True)
class SetLocks:
    """Set what of a layer may not be changed."""

    layer: LayerId
    locks: Locks

    def apply(self, document: Document) -> Document:
        """Return the document with the layer locked so."""
        found(document, self.layer)
        return document.replaced(self.layer, lambda layer: replace(layer, locks=self.locks))


@dataclass(frozen=True, slots=True)
class SetClipped:
    """Clip a layer to the one below it, or release it."""

    layer: LayerId
    clipped: bool

    def apply(self, document: Document) -> Document:
        """Return the document with the layer clipped or not; the lowest one cannot be."""
        found(document, self.layer)
        place = document.place_of(self.layer)
        if self.clipped and place is not None and place.index == 0:
            raise EditError("There is no layer below to clip to.")
        return document.replaced(self.layer, lambda layer: replace(layer, clipped=self.clipped))


@dataclass(frozen=True, slots=True)
class SetLabel:
    """Mark a layer's row with a colour."""

    layer: LayerId
    label: Label

    def apply(self, document: Document) -> Document:
        """Return the document with the row marked."""
        found(document, self.layer)
        return document.replaced(self.layer, lambda layer: replace(layer, label=self.label))


@dataclass(frozen=True, slots=True)
class SetOpen:
    """Fold a group in the list open or shut."""

    group: LayerId
    open: bool

    def apply(self, document: Document) -> Document:
        """Return the document with the group folded so."""
        group = found(document, self.group)
        if not isinstance(group, Group):
            raise EditError(f"“{group.name}” is not a group.")
        folded = replace(group, open=self.open)
        return document.replaced(self.group, lambda _: folded)


@dataclass(frozen=True, slots=True, eq=False)
class SetMask:
    """Give a layer a mask, another one, or none."""

    layer: LayerId
    mask: Mask | None

    def apply(self, document: Document) -> Document:
        """Return the document with the layer masked so."""
        found(document, self.layer)
        return document.replaced(self.layer, lambda layer: replace(layer, mask=self.mask))
