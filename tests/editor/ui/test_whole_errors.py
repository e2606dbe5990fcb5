"""What a method of ours raises while Qt calls it reaches the program, and the process goes on."""

import subprocess
import sys

import pytest

CODE = """
import sys
from PySide6.QtCore import QEvent, QObject, QCoreApplication
from editor.ui.lasting import make_lasting
from editor.ui.whole_errors import keep_errors_whole
import editor.ui.whole_errors

editor.ui.whole_errors.OURS = ("__main__.",)
make_lasting()

class Early(QObject):
    def event(self, event):
        {wrong}

keep_errors_whole()
keep_errors_whole()

class Late(QObject):
    def event(self, event):
        {wrong}

app = QCoreApplication([])
sys.excepthook = lambda kind, *_: print(kind.__name__)
for each in (Early(), Late()):
    try:
        app.sendEvent(each, QEvent(QEvent.Type.User))
    except Exception as error:
        print(type(error).__name__)
print("alive")
"""


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ("len(5)", "TypeError"),
        ("self.children().index(self)", "ValueError"),
        ("raise KeyError(1)", "KeyError"),
    ],
)
def test_an_error_of_an_override_is_heard_of(wrong: str, error: str) -> None:
    command = [sys.executable, "-c", CODE.format(wrong=wrong)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == [error, error, "alive"], done.stderr
