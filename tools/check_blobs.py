#!/usr/bin/env python3
"""Says whether a data folder's blobs and its SQLite database agree: check_blobs.py FOLDER

Every rendition must have its file, and every file its rendition. The first that lacks the other ends it with exit status 1.
The database is only read, so that a server may be running on it.
"""
import argparse
import sqlite3
import sys
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    folder = parser.parse_args().folder
    database = sqlite3.connect((folder / "fillhouse.sqlite").absolute().as_uri() + "?mode=ro", uri=True)
    named = {name for name, in database.execute("SELECT blob FROM renditions WHERE blob IS NOT NULL")}
    blobs = folder / "blobs"
    there = {path.relative_to(blobs).as_posix() for path in (blobs / "renditions").rglob("*") if path.is_file()}
    for name in sorted(there - named):
        sys.exit("%s is of no rendition" % name)
    for name in sorted(named - there):
        sys.exit("%s is not there" % name)
    print("%d blobs, each of a rendition" % len(there))


if __name__ == "__main__":
    main()
