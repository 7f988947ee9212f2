"""The path of a request from a resolved call to a committed answer. `path.py` is the whole of it on one page."""
