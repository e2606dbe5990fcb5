"""The editor: documents, how they are drawn, edited, stored and shown. Never imports torch."""
