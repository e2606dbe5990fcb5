"""The editor: documents, how they are drawn, edited, stored and shown. Never imports torch."""

import os

# Before numpy is imported: it would start a thread for each core to multiply matrices, which the
# editor never does, and their spinning costs a third of the CPU time to the first paint.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
