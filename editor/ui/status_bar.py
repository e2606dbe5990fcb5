"""The line at the bottom: zoom, canvas size, colour under the pointer, when it was saved."""

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from editor.document.document import Document
from editor.ui.desk import Desk
from editor.ui.icons import set_icon
from editor.ui.patience import Patience
from editor.ui.section import plain_label
from editor.ui.words import DOT, progress_line
from generator.request import Progress

HEIGHT = 24
REFRESH_MS = 10_000


class StatusBar(QFrame):
    """Quiet words, and what stops a running job."""

    cancel_asked = Signal()
    _progress: tuple[bool, Progress | None] = (False, None)  # of the running job

    def __init__(self, desk: Desk) -> None:
        """Follow the document in front."""
        super().__init__()
        self.setObjectName("StatusBar")
        self.setFixedHeight(HEIGHT)
        self._desk = desk
        self._saved_at: dict[int, float] = {}  # by the workspace's identity
        self._zoom = plain_label("", "quiet")
        self._canvas = plain_label("", "quiet")
        self._colour = plain_label("", "quiet")
        self._job = plain_label("", "quiet")
        self._saved = plain_label("", "quiet")
        self.stop = QToolButton()
        set_icon(self.stop, "close", 12)
        self.stop.setIconSize(QSize(12, 12))
        self.stop.setFixedSize(18, 18)
        self.stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.setToolTip(self.tr("Cancel (Esc)"))
        self.stop.setAccessibleName(self.tr("Cancel"))
        self.stop.clicked.connect(self.cancel_asked)
        self.stop.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(22)
        for label in (self._zoom, self._canvas, self._colour):
            line.addWidget(label)
        line.addStretch(1)
        job = QHBoxLayout()
        job.setSpacing(6)
        job.addWidget(self._job)
        job.addWidget(self.stop)
        line.addLayout(job)
        line.addWidget(self._saved)
        self._patience = Patience(self, self._show_job)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._show_saved)
        self._timer.start(REFRESH_MS)
        desk.switched.connect(self._follow)
        desk.document_changed.connect(self._on_document_changed)
        desk.saved_changed.connect(self._show_saved)
        desk.working_changed.connect(self._patience.follow)
        self._follow()

    def show_zoom(self, zoom: float, angle: float = 0.0) -> None:
        """Show how large the picture is drawn, 1.0 is one pixel a pixel, and how it is turned."""
        percent = zoom * 100
        text = f"{percent:.0f} %" if abs(percent - round(percent)) < 0.05 else f"{percent:.1f} %"
        if angle:
            text = DOT.join((text, f"{angle:.0f}°"))
        self._zoom.setText(text if zoom > 0 else "")

    def show_colour(self, colour: tuple[int, int, int, int] | None) -> None:
        """Show the colour under the pointer as R G B A, or nothing."""
        names = zip("RGBA", colour or (), strict=False)
        self._colour.setText(" ".join(f"{name} {value}" for name, value in names))

    def show_progress(self, running: bool, progress: Progress | None) -> None:
        """Show how far the running job is."""
        self._progress = running, progress
        self._show_job()

    @Slot()
    def _show_job(self) -> None:
        """Show what is being worked out in the document in front, else how far the job is."""
        running, progress = self._progress
        work = "" if self._desk.front is None else self._desk.front.work
        if work:
            self._job.setText(self.tr("{0}…").format(work))
        else:
            self._job.setText(progress_line(progress) if running else "")
        self.stop.setVisible(running or bool(work))

    def note_saved(self, workspace: object) -> None:
        """Remember that a workspace was saved now."""
        self._saved_at[id(workspace)] = time.monotonic()
        self._show_saved()

    @Slot()
    def _follow(self) -> None:
        document = self._desk.document
        self._show_canvas(document)
        self._show_saved()
        self._show_job()
        if document is None:
            self.show_zoom(0)
            self.show_colour(None)

    @Slot(object, object)
    def _on_document_changed(self, before: Document, after: Document) -> None:
        if (before.size, before.dpi, before.icc) != (after.size, after.dpi, after.icc):
            self._show_canvas(after)

    def _show_canvas(self, document: Document | None) -> None:
        if document is None:
            self._canvas.setText("")
            return
        width, height = document.size
        profile = "sRGB" if document.icc is None else self.tr("own profile")
        parts = (f"{width} × {height} px", f"{document.dpi:.0f} ppi", profile)
        self._canvas.setText(DOT.join(parts))

    @Slot()
    def _show_saved(self) -> None:
        front = self._desk.front
        if front is None:
            self._saved.setText("")
            return
        at = self._saved_at.get(id(front))
        if front.is_modified:
            self._saved.setText(self.tr("Not saved yet") if at is None else self.tr("Changed"))
        elif at is not None:
            self._saved.setText(self._ago(time.monotonic() - at))
        else:
            self._saved.setText("")

    def _ago(self, seconds: float) -> str:
        if seconds < 60:
            return self.tr("Saved {0} s ago").format(round(seconds))
        return self.tr("Saved {0} min ago").format(int(seconds // 60))
