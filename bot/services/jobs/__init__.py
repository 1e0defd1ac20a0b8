"""The worker, what it does for each kind of job, and what is done every few minutes."""
