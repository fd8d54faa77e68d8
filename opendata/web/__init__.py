"""HTTP in and out: a view reads the request, calls a stage, and returns what it said."""
