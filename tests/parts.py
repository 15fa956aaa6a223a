# SPDX-License-Identifier: LGPL-2.1-or-later
"""The parts of the tests that lie in the folders of tests/claims, one for each
family of claims, and in tests/text: forge.py, liars.py, heavy.py.  A folder is
found by being there."""
import glob, os, runpy

here = os.path.dirname(os.path.abspath(__file__))

def parts(name):
    """(folder, path) for every folder that has a file or a folder of this name."""
    found = glob.glob(os.path.join(here, "claims", "*", name)) + glob.glob(os.path.join(here, "*", name))
    return [(os.path.relpath(os.path.dirname(path), here), path) for path in sorted(found)]

def run(name):
    """Runs every file of this name; yields the folder and what it defines."""
    for folder, path in parts(name):
        yield folder, runpy.run_path(path)
