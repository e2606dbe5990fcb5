from editor.ui.digits import Digits


def test_one_digit_is_tens_and_two_quick_ones_are_both() -> None:
    digits = Digits()
    assert digits.typed(40, at=1.0) == 40
    assert digits.typed(50, at=1.5) == 45
    assert digits.typed(70, at=1.6) == 70
    assert digits.typed(80, at=9.0) == 80


def test_nought_is_all_alone_and_nothing_twice() -> None:
    digits = Digits()
    assert digits.typed(100, at=1.0) == 100
    assert digits.typed(50, at=1.2) == 5
    assert digits.typed(100, at=5.0) == 100
    assert digits.typed(100, at=5.1) == 0


def test_digits_set_the_opacity_of_layers(window, opened, build) -> None:
    workspace = opened(build.layer("a"))
    for name in ("opacity.40", "opacity.50"):
        window.actions_by_id[name].trigger()
    assert round(workspace.document.layers[0].opacity * 100) == 45


def test_with_a_tool_that_paints_they_are_its_own(window, opened, build) -> None:
    workspace = opened(build.layer("a"))
    window.tools.choose("brush")
    window.actions_by_id["opacity.30"].trigger()
    assert window.tools.number("opacity") == 30
    assert workspace.document.layers[0].opacity == 1.0
    window.tools.choose("move")
    window.digits = Digits()
    window.actions_by_id["opacity.30"].trigger()
    assert round(workspace.document.layers[0].opacity * 100) == 30
