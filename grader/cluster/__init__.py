"""Marking on a Dask cluster: jobs go out and markings come back as bytes, and both are looked at here.

May import marking and sandbox, and what is below; never the gradebook, so that a worker needs none.
"""
