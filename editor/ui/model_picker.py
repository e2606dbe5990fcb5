"""The model in use at the option bar's right end; a click offers the others with their states."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

from editor.ui.fields import TextField
from editor.ui.models import Models
from editor.ui.words import DOT


class ModelPicker(TextField):
    """Shows a name; choosing is the models'."""

    chosen = Signal(str)  # a model's name
    models_asked = Signal(str)  # a model's name that is not installed, or ""

    def __init__(self) -> None:
        """Show the default's name until the models are known."""
        super().__init__(self.tr("Model"), "Pocket")
        self._models: Models | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(self.tr("Choose the model, or get another"))
        self.setAccessibleName(self.tr("Model"))

    def show_models(self, models: Models) -> None:
        """Follow what is chosen."""
        self._models = models
        self.show_text(models.title)

    def menu_of_now(self) -> QMenu:
        """Return the menu: each model with its state in words, then the dialog."""
        menu = QMenu(self)
        for known in () if self._models is None else self._models.known:
            text = known.title if known.able is not None else DOT.join((known.title, known.state))
            action = menu.addAction(text.replace("&", "&&"))
            action.setData((known.name, known.able is not None))
            action.setCheckable(True)
            action.setChecked(self._models is not None and known.name == self._models.chosen)
            action.triggered.connect(self._on_chosen)
        menu.addSeparator()
        more = menu.addAction(self.tr("Models…"))
        more.triggered.connect(self._on_more)
        return menu

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Offer them."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer them by keyboard, too."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Down):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        menu = self.menu_of_now()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    @Slot()
    def _on_chosen(self) -> None:
        name, is_here = self.sender().data()  # type: ignore[attr-defined]  # one of the actions
        if is_here:
            self.chosen.emit(name)
        else:
            self.models_asked.emit(name)

    @Slot()
    def _on_more(self) -> None:
        self.models_asked.emit("")
