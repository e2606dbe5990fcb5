"""The Settings dialog: each field sets something, and keys are changed by pressing them."""

import json
from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox
from pytestqt.qtbot import QtBot

from editor.settings import LIMITS, MODELS_VARIABLE, Settings
from editor.ui.dialogs.keymap_list import ID, KEYS, NAME
from editor.ui.dialogs.questions import Answer
from editor.ui.dialogs.setting_fields import ChoiceBox, NumberBox
from editor.ui.dialogs.settings import SettingsDialog
from editor.ui.keymap import DEFAULT, find_keymap

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def dialog(window, qtbot: QtBot, monkeypatch, tmp_path) -> SettingsDialog:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "models"))
    made = SettingsDialog(window)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def choose(dialog: SettingsDialog, action: str) -> None:
    listed = dialog.keymap.list
    for at in range(listed.topLevelItemCount()):
        item = listed.topLevelItem(at)
        if item.data(NAME, ID) == action:
            listed.setCurrentItem(item)
            return
    raise AssertionError(action)


def keys_shown(dialog: SettingsDialog) -> str:
    return dialog.keymap.list.currentItem().text(KEYS)


def test_every_field_sets_its_setting(dialog, window) -> None:
    seen = set()
    for box in dialog.findChildren(ChoiceBox):
        for at in range(box.count()):
            box.setCurrentIndex(at)
            box.activated.emit(at)
            assert getattr(window.preferences.settings, box._setting) == box.itemData(at)
        seen.add(box._setting)
    for number in dialog.findChildren(NumberBox):
        for value in LIMITS[number._setting]:
            number.setValue(value)
            assert getattr(window.preferences.settings, number._setting) == value
        seen.add(number._setting)
    assert seen == {each.name for each in fields(Settings)} - {"keymap", "models_folder"}
    for name in seen:
        window.preferences.set(**{name: getattr(Settings(), name)})
    assert all(
        number.value() == getattr(Settings(), number._setting)
        for number in dialog.findChildren(NumberBox)
    )


def test_offline_is_kept_beside_the_models(dialog) -> None:
    from generator.models.fetch import is_offline

    box = next(each for each in dialog.findChildren(object) if "Offline" in type(each).__name__)
    assert not is_offline()
    box.click()
    assert is_offline()
    box.click()
    assert not is_offline()


def test_pages_are_reached_by_keys(dialog, qtbot: QtBot) -> None:
    dialog.pages.setFocus()
    for at in range(1, dialog.pages.count()):
        qtbot.keyClick(dialog.pages, Qt.Key.Key_Down)
        assert dialog.stack.currentIndex() == at


def test_a_new_key_makes_a_keymap_of_ones_own(dialog, window, qtbot: QtBot) -> None:
    choose(dialog, "layer.delete")
    qtbot.keyClick(dialog.keymap.field, Qt.Key.Key_F8, CTRL)
    assert dialog.keymap.note.text() == "Ctrl+F8 is free."
    dialog.keymap.replace.click()
    assert window.preferences.settings.keymap == "my-keys"
    assert window.actions_by_id["layer.delete"].shortcut().toString() == "Ctrl+F8"
    assert window.actions_by_id["tool.brush"].shortcut().toString() == "B"
    folder = window.preferences.keymap_folder
    assert json.loads((folder / "my-keys.json").read_text())["layer.delete"] == ["Ctrl+F8"]
    choose(dialog, "layer.delete")
    assert keys_shown(dialog) == "Ctrl+F8"


def test_a_key_of_another_action_is_said_and_taken(dialog, window, qtbot: QtBot) -> None:
    choose(dialog, "tool.hand")
    qtbot.keyClick(dialog.keymap.field, Qt.Key.Key_B)
    assert "“Brush”" in dialog.keymap.note.text()
    assert window.actions_by_id["tool.brush"].shortcut().toString() == "B"  # not yet
    dialog.keymap.add.click()
    assert window.actions_by_id["tool.brush"].shortcuts() == []
    keys = [key.toString() for key in window.actions_by_id["tool.hand"].shortcuts()]
    assert keys == ["H", "B"]


def test_one_action_and_all_go_back(dialog, window, qtbot: QtBot, monkeypatch) -> None:
    for action, key in (("tool.hand", Qt.Key.Key_B), ("edit.undo", Qt.Key.Key_F9)):
        choose(dialog, action)
        qtbot.keyClick(dialog.keymap.field, key)
        dialog.keymap.replace.click()
    choose(dialog, "tool.brush")
    dialog.keymap.reset.click()
    assert window.actions_by_id["tool.brush"].shortcut().toString() == "B"
    assert window.actions_by_id["tool.hand"].shortcuts() == []  # it had that key
    assert window.actions_by_id["edit.undo"].shortcut().toString() == "F9"
    monkeypatch.setattr("editor.ui.dialogs.keymap_page.ask_reset_keys", lambda *_: Answer.YES)
    dialog.keymap.reset_all.click()
    folder = window.preferences.keymap_folder
    assert find_keymap("my-keys", folder).keys == find_keymap(DEFAULT, folder).keys
    assert window.actions_by_id["tool.hand"].shortcut().toString() == "H"


def test_search_finds_names_menus_and_keys(dialog) -> None:
    listed = dialog.keymap.list

    def shown() -> set[str]:
        items = [listed.topLevelItem(at) for at in range(listed.topLevelItemCount())]
        return {item.data(NAME, ID) for item in items if not item.isHidden()}

    dialog.keymap.search.setText("ctrl+shift+d")
    assert shown() == {"select.again"}
    dialog.keymap.search.setText("SELECT feath")
    assert shown() == {"select.feather"}
    dialog.keymap.search.clear()
    assert len(shown()) == listed.topLevelItemCount()


def test_a_file_is_taken_as_a_copy_and_a_bad_one_refused(dialog, window, tmp_path) -> None:
    good, bad = tmp_path / "photoshop.json", tmp_path / "bad.json"
    good.write_text('{"tool.brush": ["F9"], "tool.eraser": ["F9"], "from.later": ["F10"]}')
    bad.write_text("[1, 2]")
    dialog.keymap.add_file(bad)
    assert dialog.keymap.note.text() == "bad.json is no keymap."
    assert window.preferences.settings.keymap == DEFAULT
    dialog.keymap.add_file(good)
    assert window.preferences.settings.keymap == "photoshop-2"
    assert "F9" in dialog.keymap.note.text()
    good.unlink()
    assert window.actions_by_id["tool.brush"].shortcut().toString() == "F9"
    assert window.actions_by_id["tool.eraser"].shortcuts() == []


def test_keys_that_cannot_be_kept_are_not_changed(dialog, window, qtbot: QtBot) -> None:
    folder = window.preferences.keymap_folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file in the way")
    choose(dialog, "layer.delete")
    qtbot.keyClick(dialog.keymap.field, Qt.Key.Key_F8)
    dialog.keymap.replace.click()
    assert dialog.keymap.note.text().startswith("The keys were not changed")
    assert window.actions_by_id["layer.delete"].shortcuts() == []


def test_the_field_takes_keys_and_no_letters(dialog, qtbot: QtBot) -> None:
    choose(dialog, "layer.delete")
    field = dialog.keymap.field
    for key, modifiers, text in (
        (Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "A"),
        (Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier, "A"),
        (Qt.Key.Key_Return, CTRL | ALT, "Ctrl+Alt+Return"),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "Del"),
        (Qt.Key.Key_Backspace, CTRL, "Ctrl+Backspace"),
    ):
        qtbot.keyClick(field, key, modifiers)
        assert field.key == text


def test_defaults_come_back_and_own_keymaps_stay(dialog, window, monkeypatch) -> None:
    window.preferences.set(theme="dark", undo_mb=99, recent_files=1)
    monkeypatch.setattr("editor.ui.dialogs.settings.ask_default_settings", lambda _: Answer.YES)
    button = next(
        each
        for each in dialog.findChildren(object)
        if getattr(each, "text", str)() == "Restore defaults…"
    )
    button.click()
    assert window.preferences.settings == Settings()
    boxes = dialog.findChildren(QAbstractSpinBox)
    assert boxes
