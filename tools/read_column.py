#!/usr/bin/env python3
"""Reads one column of a Parquet file over HTTP, in parts, and says what it took.

    python3 read_column.py URL COLUMN

Prints a JSON object: how many rows there are, how many of them have a value, the bytes of the file, and the bytes that were
fetched. Needs pyarrow.
"""

import io
import json
import sys
import urllib.request

import pyarrow.parquet


class Remote(io.RawIOBase):
    """A file at an address that gives parts of itself."""

    def __init__(self, url):
        self.url, self.place, self.fetched = url, 0, 0
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD")) as answer:
            self.size, self.tag = int(answer.headers["Content-Length"]), answer.headers["ETag"]

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.place

    def seek(self, offset, whence=io.SEEK_SET):
        self.place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        return self.place

    def readinto(self, buffer):
        last = min(self.place + len(buffer), self.size) - 1
        if last < self.place:
            return 0
        headers = {"Range": f"bytes={self.place}-{last}"}
        with urllib.request.urlopen(urllib.request.Request(self.url, headers=headers)) as answer:
            assert (answer.status, answer.headers["ETag"]) == (206, self.tag), "the file is another"
            part = answer.read()
        buffer[: len(part)] = part
        self.place += len(part)
        self.fetched += len(part)
        return len(part)


def main(url, column):
    remote = Remote(url)
    table = pyarrow.parquet.ParquetFile(remote).read(columns=[column])
    values = table.column(column)
    told = {"rows": len(values), "values": len(values) - values.null_count, "bytes": remote.size, "fetched": remote.fetched}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
