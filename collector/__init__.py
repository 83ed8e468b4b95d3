"""What is so in every process of ours."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's: our arrays are small, and threads that wait for one another cost more than they save
