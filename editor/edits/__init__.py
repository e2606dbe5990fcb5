"""What can be done to a document, each as a frozen record: apply(document) -> document.

Edits know documents and how they are composited, nothing of tools, history or windows. An edit that
cannot be applied raises `EditError` with one sentence and changes nothing.
"""
