"""The Queue panel: jobs that run or wait, how far they are, and an x that stops each."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from editor.jobs import Job, Jobs
from editor.ui.icons import set_icon
from editor.ui.pace import Pace
from editor.ui.section import EDGE, Section, plain_label
from editor.ui.words import DOT, progress_line, task_word
from generator.request import Progress


class QueuePanel(Section):
    """Visible only while there is a job."""

    def __init__(self, jobs: Jobs) -> None:
        """Follow the queue."""
        super().__init__("")
        self._head.setText(self.tr("Queue"))
        self._jobs = jobs
        self._rows: dict[str, JobRow] = {}
        self.body.setContentsMargins(EDGE, 0, EDGE, 8)
        self.body.setSpacing(8)
        jobs.job_added.connect(self._on_added)
        jobs.job_progressed.connect(self._on_progressed)
        jobs.job_finished.connect(self._on_ended)
        jobs.job_failed.connect(self._on_ended)
        jobs.job_taken.connect(self._on_ended)
        self._count()

    @Slot(object)
    def _on_added(self, job: Job) -> None:
        shown = JobRow(job)
        shown.cancelled.connect(self._on_cancelled)
        self._rows[job.id] = shown
        self.body.addWidget(shown)
        self._count()

    @Slot(object)
    def _on_progressed(self, job: Job) -> None:
        if job.id in self._rows:
            self._rows[job.id].follow(job.progress)
        self._count()

    @Slot(object)
    def _on_ended(self, job: Job) -> None:
        ended = self._rows.pop(job.id, None)
        if ended is not None:
            self.body.removeWidget(ended)
            ended.hide()
            ended.deleteLater()
        self._count()

    @Slot(str)
    def _on_cancelled(self, job_id: str) -> None:
        for job in self._jobs.jobs:
            if job.id == job_id:
                self._jobs.cancel(job)
                return

    def _count(self) -> None:
        running = sum(each.is_running for each in self._rows.values())
        waiting = len(self._rows) - running
        parts = []
        if running:
            parts.append(self.tr("{0} running").format(running))
        if waiting:
            parts.append(self.tr("{0} waiting").format(waiting))
        self.set_note(", ".join(parts))
        self.setVisible(bool(self._rows))


class JobRow(QWidget):
    """One job: its title, its bar, its words, and an x; it holds no job, whose document may go."""

    cancelled = Signal(str)  # id of the job

    def __init__(self, job: Job) -> None:
        """Show a job that waits."""
        super().__init__()
        self._job_id = job.id
        self.is_running = False
        self._pace = Pace()
        title = plain_label("")
        words = task_word(job.asked.task)
        is_named = bool(job.asked.prompt.strip())
        text = self.tr("{0}, “{1}”").format(job.title, words.lower()) if is_named else words
        title.setText(text)
        title.setSizePolicy(
            title.sizePolicy().horizontalPolicy().Ignored, title.sizePolicy().verticalPolicy()
        )
        self._line: QLabel = plain_label("", "quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 100)
        stop = QToolButton()
        set_icon(stop, "close", 12)
        stop.setIconSize(QSize(12, 12))
        stop.setFixedSize(18, 18)
        stop.setToolTip(self.tr("Cancel (Esc)"))
        stop.setAccessibleName(self.tr("Cancel"))
        stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        stop.clicked.connect(self._on_stop)
        upper = QHBoxLayout()
        upper.setContentsMargins(0, 0, 0, 0)
        upper.addWidget(title, 1)
        upper.addWidget(stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(upper)
        column.addWidget(self._bar)
        column.addWidget(self._line)
        self.follow(job.progress)

    def follow(self, progress: Progress | None) -> None:
        """Show how far the job is."""
        self.is_running = progress is not None
        left = None if progress is None else self._pace.seconds_left(progress)
        words = [progress_line(progress)]
        if left is not None and left >= 1:
            words.append(self.tr("{0} s left").format(round(left)))
        self._line.setText(DOT.join(words))
        if progress is not None and progress.steps > 0:
            self._bar.setValue(round(100 * progress.step / progress.steps))

    @Slot()
    def _on_stop(self) -> None:
        self._line.setText(self.tr("stopping"))
        self.cancelled.emit(self._job_id)
