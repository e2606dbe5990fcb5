"""What models there are on this machine. Reads folders and small JSON files, never weights."""
