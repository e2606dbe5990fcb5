"""The Layers panel: blend mode and opacity above, the list, and what makes and removes layers."""

from collections.abc import Mapping

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QSizePolicy

from editor.document.document import Document, Place
from editor.document.layer import BlendMode, Group, Layer, LayerId
from editor.edits.edit import Edit, Together
from editor.edits.layers import MoveLayers
from editor.edits.properties import (
    SetBlendMode,
    SetClipped,
    SetModelVisible,
    SetName,
    SetOpacity,
    SetOpen,
    SetVisible,
)
from editor.render.regions import Combine
from editor.tools.tool import Target
from editor.ui import mask_actions
from editor.ui.desk import Desk
from editor.ui.fields import HEIGHT, NumberField
from editor.ui.layer_buttons import buttons_below, lock_buttons
from editor.ui.layer_delegate import ROW_HEIGHT, LayerDelegate
from editor.ui.layer_model import LayerModel, MimeMaker
from editor.ui.layer_solo import solo
from editor.ui.layer_view import LayerView, MaskWish
from editor.ui.menus import fill_layer_menu
from editor.ui.section import Section, row
from editor.ui.select_actions import select_layer
from editor.ui.thumbnails import Thumbnails
from editor.ui.words import BLEND_GROUPS, blend_word

GESTURE_MS = 100  # between two looks at a document that a gesture changes


class LayerPanel(Section):
    """Shows the document's tree and asks the desk for changes."""

    dropped = Signal(object, object)  # Arrival, Place

    def __init__(
        self,
        desk: Desk,
        thumbnails: Thumbnails,
        make_mime: MimeMaker,
        actions: Mapping[str, QAction],
    ) -> None:
        """Follow the desk; `actions` are the window's, by id."""
        super().__init__("")
        self._head.setText(self.tr("Layers"))
        self._desk = desk
        self._actions = actions
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(GESTURE_MS)
        self._later.timeout.connect(self._follow)
        self._filtered = False  # whether rows are hidden that do not match
        self._following = False  # while the list is being brought in line with the workspace
        self.model = LayerModel(make_mime, self)
        self.delegate = LayerDelegate(thumbnails, self)
        self.view = LayerView(self.model, self.delegate)
        self.mode = self._mode_box()
        self.opacity = NumberField(self.tr("Opacity"), 0, 100, "%")
        above = row(self.mode, self.opacity)
        above.setStretch(0, 1)
        self.search = self._search_field()
        below, self.buttons = buttons_below(actions)
        self.body.addLayout(above)
        self.body.addSpacing(6)
        self.body.addLayout(row(*lock_buttons(actions), self.search, spacing=2))
        self.body.addSpacing(6)
        self.body.addWidget(self.view, 1)
        self.body.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.view.setMinimumHeight(2 * ROW_HEIGHT)
        self._connect(thumbnails)
        self._follow()

    def edit_name(self) -> None:
        """Begin to rename the active layer."""
        front = self._desk.front
        if front is not None and front.active is not None:
            self.view.edit_name(self.model.index_of(front.active))

    def show_stale(self, stale: frozenset[LayerId]) -> None:
        """Mark the layers whose sources have changed."""
        self.model.show_stale(stale)

    def _connect(self, thumbnails: Thumbnails) -> None:
        desk, view, model = self._desk, self.view, self.model
        desk.switched.connect(self._follow)
        desk.document_changed.connect(self._on_document_changed)
        desk.active_changed.connect(self._follow_selection)
        desk.target_changed.connect(self._follow_target)
        thumbnails.ready.connect(model.refresh)
        view.selectionModel().selectionChanged.connect(self._on_selected)
        view.visible_asked.connect(self._on_visible_asked)
        view.model_visible_asked.connect(self._on_model_visible_asked)
        view.solo_asked.connect(self._on_solo_asked)
        view.open_asked.connect(self._on_open_asked)
        view.region_asked.connect(self._on_region_asked)
        view.target_asked.connect(self._on_target_asked)
        view.clip_asked.connect(self._on_clip_asked)
        view.mask_asked.connect(self._on_mask_asked)
        self.search.textChanged.connect(self._filter)
        for button in self.buttons:
            button.dropped.connect(self._on_button_dropped)
        view.gesture_ended.connect(self._on_gesture_ended)
        view.menu_asked.connect(self._on_menu_asked)
        model.rename_asked.connect(self._on_rename_asked)
        model.move_asked.connect(self._on_move_asked)
        model.dropped.connect(self.dropped)
        model.refused.connect(desk.refused)
        self.mode.activated.connect(self._on_mode_activated)
        self.opacity.previewed.connect(self._on_opacity_previewed)
        self.opacity.set_to.connect(self._on_opacity_set)

    def _mode_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Blend mode"))
        box.setToolTip(self.tr("Blend mode"))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setMaxVisibleItems(30)
        for mode in BlendMode:
            if mode in BLEND_GROUPS:
                box.insertSeparator(box.count())
            box.addItem(blend_word(mode), mode.value)
        return box

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("LayerSearch")
        field.setFixedHeight(HEIGHT)
        field.setPlaceholderText(self.tr("Search layers"))
        field.setAccessibleName(self.tr("Search layers"))
        field.setClearButtonEnabled(True)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return field

    # From the workspace to the panel

    @Slot()
    def _follow(self) -> None:
        """Show the document in front from the start."""
        self._later.stop()
        self._show(self._desk.document)

    @Slot(object, object)
    def _on_document_changed(self, before: Document, after: Document) -> None:
        """Follow at once, but in a gesture only now and then: a brush must not wait for rows."""
        front = self._desk.front
        if before.layers is after.layers:
            return
        if front is not None and front.is_previewing:
            if not self._later.isActive():
                self._later.start()
        else:
            self._later.stop()
            self._show(after)

    def _show(self, document: Document | None) -> None:
        self._following = True
        scroll = self.view.verticalScrollBar().value()
        self.model.show(document)
        for layer in () if document is None else document.walk():
            if isinstance(layer, Group):
                index = self.model.index_of(layer.id)
                if self.view.isExpanded(index) != layer.open:
                    self.view.setExpanded(index, layer.open)
        self.view.verticalScrollBar().setValue(scroll)
        self._following = False
        self._filter()
        self.view.updateGeometry()
        count = 0 if document is None else sum(1 for _ in document.walk())
        self.set_note(str(count) if document is not None else "")
        self._follow_selection()

    @Slot()
    def _follow_selection(self) -> None:
        """Show what the workspace has selected, and the active layer's properties."""
        self._following = True
        front = self._desk.front
        chosen = QItemSelection()
        for layer_id in () if front is None else front.selected:
            index = self.model.index_of(layer_id)
            if index.isValid():
                chosen.select(index, index)
        selection = self.view.selectionModel()
        selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        active = self.model.index_of(None if front is None else front.active)
        selection.setCurrentIndex(active, QItemSelectionModel.SelectionFlag.NoUpdate)
        if active.isValid():
            self.view.scrollTo(active)
        self._following = False
        self._follow_target()
        self._show_properties(self._desk.active_layer)

    @Slot()
    def _follow_target(self) -> None:
        """Frame the thumbnail of what is painted on."""
        front = self._desk.front
        if front is not None:
            self.delegate.target = (front.active, front.target is Target.MASK)
        self.view.viewport().update()

    @Slot()
    def _filter(self) -> None:
        """Show the rows whose names hold what is searched for, and the groups around them."""
        document, wanted = self._desk.document, self.search.text().strip().casefold()
        if document is None or not (wanted or self._filtered):
            return
        self._filtered = bool(wanted)
        shown: set[LayerId] = set()
        for layer in document.walk():
            if wanted in layer.name.casefold():
                shown |= {layer.id, *(group.id for group in document.parents_of(layer.id))}
        self._following = True
        for layer in document.walk():
            index = self.model.index_of(layer.id)
            self.view.setRowHidden(index.row(), index.parent(), layer.id not in shown)
            if isinstance(layer, Group):
                self.view.setExpanded(index, layer.open or bool(wanted))
        self._following = False

    def _show_properties(self, layer: Layer | None) -> None:
        self.mode.setEnabled(layer is not None)
        self.opacity.setEnabled(layer is not None)
        mode = BlendMode.NORMAL if layer is None else layer.blend_mode
        self.mode.setCurrentIndex(self.mode.findData(mode.value))
        self.opacity.show_value(100 if layer is None else round(layer.opacity * 100))
        pass_through = self.mode.findData(BlendMode.PASS_THROUGH.value)
        item = self.mode.model().item(pass_through)  # type: ignore[attr-defined]  # its own model
        item.setEnabled(isinstance(layer, Group))

    # From the panel to the workspace

    @Slot()
    def _on_selected(self) -> None:
        front = self._desk.front
        if self._following or front is None:
            return
        ids = [self.model.id_of(index) for index in self.view.selectedIndexes()]
        selected = tuple(each for each in ids if each is not None)
        if selected:
            current = self.model.id_of(self.view.currentIndex())
            front.select(selected, current if current in selected else None)
        else:
            self._follow_selection()  # a click below the list leaves the selection as it is

    def _selected(self) -> tuple[LayerId, ...]:
        front = self._desk.front
        return () if front is None else front.selected

    @Slot(object, bool)
    def _on_visible_asked(self, layer_id: LayerId, visible: bool) -> None:
        self._desk.preview(SetVisible(layer_id, visible))

    @Slot(object, bool)
    def _on_model_visible_asked(self, layer_id: LayerId, visible: bool) -> None:
        self._desk.preview(SetModelVisible(layer_id, visible))

    @Slot()
    def _on_gesture_ended(self) -> None:
        self._desk.commit(self.tr("Visibility"))

    @Slot(object, bool)
    def _on_solo_asked(self, layer_id: LayerId, model: bool) -> None:
        document = self._desk.document
        if document is not None:
            self._desk.do(solo(document, layer_id, model=model), self.tr("Show alone"))

    @Slot(object)
    def _on_clip_asked(self, layer_id: LayerId) -> None:
        document = self._desk.document
        layer = None if document is None else document.find(layer_id)
        if layer is not None:
            label = self.tr("Release clipping") if layer.clipped else self.tr("Clip")
            self._desk.do(SetClipped(layer_id, not layer.clipped), label)

    @Slot(object, object)
    def _on_mask_asked(self, layer_id: LayerId, what: MaskWish) -> None:
        match what:
            case MaskWish.VIEW:
                mask_actions.view(self._desk, layer_id)
            case MaskWish.SWITCH:
                mask_actions.switch(self._desk, layer_id)
            case MaskWish.LINK:
                mask_actions.link(self._desk, layer_id)

    @Slot(str, object)
    def _on_button_dropped(self, action: str, layers: tuple[LayerId, ...]) -> None:
        """Do to the layers that were dropped what the button does to selected ones."""
        front = self._desk.front
        there = () if front is None else tuple(filter(front.document.find, layers))
        if front is not None and there:
            front.select(there)
            self._actions[action].trigger()

    @Slot(object, bool)
    def _on_open_asked(self, layer_id: LayerId, is_open: bool) -> None:
        label = self.tr("Open group") if is_open else self.tr("Close group")
        self._desk.do(SetOpen(layer_id, is_open), label)

    @Slot(object, bool, object)
    def _on_region_asked(self, layer_id: LayerId, mask: bool, how: Combine) -> None:
        select_layer(self._desk, layer_id, how, mask=mask)

    @Slot(object, bool)
    def _on_target_asked(self, layer_id: LayerId, mask: bool) -> None:
        front = self._desk.front
        if front is not None and front.active == layer_id and not (mask and front.shows_mask):
            front.set_target(Target.MASK if mask else Target.PIXELS)

    @Slot(str, str)
    def _on_rename_asked(self, layer_id: str, name: str) -> None:
        self._desk.do(SetName(LayerId(layer_id), name), self.tr("Rename"))

    @Slot(object, object)
    def _on_move_asked(self, ids: tuple[LayerId, ...], place: Place) -> None:
        self._desk.do(MoveLayers(ids, place), self.tr("Order"))

    @Slot(int)
    def _on_mode_activated(self, at: int) -> None:
        mode = BlendMode(self.mode.itemData(at))
        edits = [SetBlendMode(layer_id, mode) for layer_id in self._selected()]
        if not self._desk.do(Together(tuple(edits)), self.tr("Blend mode")):
            self._show_properties(self._desk.active_layer)

    def _opacity_edit(self, value: int) -> Edit:
        return Together(tuple(SetOpacity(each, value / 100) for each in self._selected()))

    @Slot(int)
    def _on_opacity_previewed(self, value: int) -> None:
        self._desk.preview(self._opacity_edit(value))

    @Slot(int)
    def _on_opacity_set(self, value: int) -> None:
        if self._desk.preview(self._opacity_edit(value)):
            self._desk.commit(self.tr("Opacity"))

    @Slot(QPoint)
    def _on_menu_asked(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        fill_layer_menu(menu, self._actions)
        menu.popup(at)
