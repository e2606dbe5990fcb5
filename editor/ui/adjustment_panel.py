"""The Adjustment panel: the settings of the active adjustment layer, seen as they change."""

from PySide6.QtCore import Slot

from editor.document.adjustment import Adjustment, AdjustmentKind, kind_of
from editor.document.layer import AdjustmentLayer
from editor.edits.adjustment import SetAdjustment
from editor.ui.adjustment_pages import Page, page_for
from editor.ui.desk import Desk
from editor.ui.section import EDGE, Section
from editor.ui.words import ADJUSTMENT_WORDS, words


class AdjustmentPanel(Section):
    """Visible while the active layer is an adjustment."""

    def __init__(self, desk: Desk) -> None:
        """Follow the active layer."""
        super().__init__("")
        self._desk = desk
        self._pages: dict[AdjustmentKind, Page] = {}
        self.page: Page | None = None
        self.body.setContentsMargins(EDGE, 0, EDGE, EDGE)
        for signal in (desk.switched, desk.active_changed, desk.document_changed):
            signal.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        layer = self._desk.active_layer
        self.setVisible(isinstance(layer, AdjustmentLayer))
        if not isinstance(layer, AdjustmentLayer):
            return
        kind = kind_of(layer.adjustment)
        self._head.setText(words(ADJUSTMENT_WORDS[kind]))
        self.set_note(layer.name)
        page = self._page(kind)
        if page is not self.page:
            if self.page is not None:
                self.page.hide()
            self.page = page
            page.show()
        page.show_adjustment(layer.adjustment)  # type: ignore[arg-type]  # the page is of its kind

    def _page(self, kind: AdjustmentKind) -> Page:
        page = self._pages.get(kind)
        if page is None:
            page = self._pages[kind] = page_for(kind)
            page.previewed.connect(self._on_previewed)
            page.set_to.connect(self._on_set)
            self.body.addWidget(page)
        return page

    @Slot(object)
    def _on_previewed(self, adjustment: Adjustment) -> None:
        layer = self._desk.active_layer
        if layer is not None:
            self._desk.preview(SetAdjustment(layer.id, adjustment))

    @Slot(object)
    def _on_set(self, adjustment: Adjustment) -> None:
        layer = self._desk.active_layer
        if layer is None:
            return
        if self._desk.preview(SetAdjustment(layer.id, adjustment)):
            self._desk.commit(words(ADJUSTMENT_WORDS[kind_of(adjustment)]))
        else:
            self._follow()
