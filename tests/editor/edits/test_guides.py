from editor.document.document import Document, Guide, Orientation
from editor.document.geometry import Size
from editor.edits.guides import SetGuides

GUIDE = Guide(Orientation.VERTICAL, 12.5)


def test_guides_are_set_once_each() -> None:
    document = Document(size=Size(10, 10))
    after = SetGuides((GUIDE, GUIDE)).apply(document)
    assert after.guides == (GUIDE,)
    assert SetGuides((GUIDE,)).apply(after) is after
    assert SetGuides(()).apply(after).guides == ()
