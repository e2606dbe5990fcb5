import subprocess
import sys

CODE = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
{first}
class Sender(QObject):
    sent = Signal()
app = QCoreApplication([])
sender = Sender()
for _ in range(200_000):
    sender.sent.emit()
    app.processEvents()
    sender.sender()
print("alive")
"""


def run(first: str) -> str:
    command = [sys.executable, "-c", CODE.format(first=first)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_signals_without_end_do_not_end_the_process() -> None:
    first = "from editor.ui.lasting import make_lasting; make_lasting(); make_lasting()"
    assert run(first) == "alive\n"
