"""What others do with the same records: each started with a fair set-up, or left out for a reason.

See decision 0026 for what is fair: the same rows, the same answers, indexes on what is asked for.
"""
