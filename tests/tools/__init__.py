"""Programs that researchers use, run for real on what we give them.

Each lives in an environment of its own under the user's cache folder, because it brings other
versions of what we use. `python -m tests.tools.environments` makes them; the tests do so too.
"""
