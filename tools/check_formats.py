#!/usr/bin/env python3
"""Says whether the files of all formats hold what a data set says they must: check_formats.py DATASET.jsonl FOLDER --form 1

Every file in the folder is an export of all submissions of the form, finished or not. Each is opened with readers that share
nothing with the program that made it: the modules csv, gzip, json and zipfile of Python, zstandard, openpyxl, pyarrow and
DuckDB. What must be in it is computed here, from the data set, as in check_export.py, and compared cell by cell, in order.
"""
import argparse
import csv
import gzip
import io
import json
import re
import sys
import zipfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.csv
import pyarrow.parquet
import zstandard
from openpyxl.utils.escape import unescape

from check_export import (CHOSEN, DATES, IN_DATA_SET, LONGEST_CELL, METAS, Difference, cell, header, instant, leaves, meta,
                          read)

NUMBERS = {"number", "calculation", "rating", "scale"}
IS_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?").fullmatch
IS_DATE = re.compile(r"\d{4}-\d{2}-\d{2}").fullmatch
FIRST_SHEET_DAY = date(1900, 3, 1)
GOES_ON = " [goes on at the end of the row]"
REST = re.compile(r"\[([A-Z]+), part \d+\] (.*)", re.DOTALL).fullmatch
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


# What must be there.

def rows(form, submissions):
    """The table as texts: the header, then a row a submission."""
    columns = list(leaves(form["items"]))
    yield header(columns)
    for entry in submissions:
        answers = entry["answers"]
        yield [meta(entry, name) for name in METAS] + [cell(item, answers.get(item["id"])) for item, _ in columns]


def result(form, entry):
    """The result object of a submission."""
    found = {name: meta(entry, name) for name in METAS[:-2] if meta(entry, name)}
    found["id"] = str(entry["id"])
    for name in ("user_browser", "user_ip", "user_device"):
        found.setdefault(name, "")
    found.setdefault("user_referrer", "N/A")
    if "payment_amount" in entry:
        found["payment_amount"] = entry["payment_amount"]
    found["items"] = [
        member
        for position, top in enumerate(form["items"])
        for member in result_items(top, position, entry["answers"], 0)
    ]
    return found


def result_items(item, position, answers, columns):
    if item.get("children"):
        for child in item["children"]:
            yield from result_items(child, position, answers, columns or len(item.get("columns", [])))
        return
    answer, found = answers.get(item["id"]), {"id": item["id"], "position": position}
    if item["type"] in CHOSEN:
        labels = {option["position"]: option["label"] for option in item["choices"]}
        found["values"] = [
            {**({"other": made["other"]} if "other" in made else {}), "position": made["position"],
             "value": labels.get(made["position"], str(made["position"]))}
            for made in answer or []
        ]
    elif item["type"] == "file":
        found["values"] = positioned([file["url"] for file in answer or []])
    elif columns:
        texts = list(answer or [])
        found["values"] = positioned(texts + [""] * (columns - len(texts)))
    else:
        found["value"] = answer or ""
    yield found


def positioned(texts):
    return [{"position": n, "value": text} for n, text in enumerate(texts)]


# What is there.

def texts_of(path):
    """The content of a file in a container, by each reader that opens it; with the name of the reader."""
    raw = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            if len(archive.namelist()) != 1 or archive.testzip():
                raise Difference("the archive is damaged")
            yield "zipfile", archive.read(archive.namelist()[0])
    elif path.suffix == ".gz":
        yield "gzip", gzip.decompress(raw)
    elif path.suffix == ".zst":
        yield "zstandard", zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw), read_across_frames=True).read()
    else:
        yield "open", raw


def inner(path):
    """The format of a file, whatever it is in."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return Path(archive.namelist()[0]).suffix
    return Path(path.stem).suffix if path.suffix in (".gz", ".zst") else path.suffix


def check_csv(path, form, submissions):
    expected = list(rows(form, submissions))
    for reader, raw in texts_of(path):
        found = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True)
        same_rows(reader, list(found), expected)
    if path.suffix == ".zip":
        return
    # Neither takes a lone carriage return within quotes, nor NUL, in every place.
    names = expected[0]
    options = pyarrow.csv.ConvertOptions(column_types={name: pyarrow.string() for name in names}, strings_can_be_null=False)
    parsing = pyarrow.csv.ParseOptions(newlines_in_values=True)
    if path.suffix != ".zst":
        reading = pyarrow.csv.ReadOptions(block_size=1 << 24)
        table = pyarrow.csv.read_csv(path, read_options=reading, parse_options=parsing, convert_options=options)
        same_rows("pyarrow", [table.column_names] + [list(row.values()) for row in table.to_pylist()], expected)


def check_json(path, form, submissions):
    expected = [result(form, entry) for entry in submissions]
    for reader, raw in texts_of(path):
        text = raw.decode("utf-8")
        if inner(path) == ".json":
            found = json.loads(text, parse_float=str)
        else:
            lines = text.split("\n")
            if lines.pop() != "":
                raise Difference("the last line has no end")
            found = [json.loads(line, parse_float=str) for line in lines]
        same_rows(reader, found, expected)
    if path.suffix != ".zip":
        relation = duckdb.sql("SELECT id, items FROM read_json('%s', maximum_object_size=100000000)" % path)
        found = [(str(row[0]), [item["id"] for item in row[1]]) for row in relation.fetchall()]
        same_rows("duckdb", found, [(one["id"], [item["id"] for item in one["items"]]) for one in expected])


def sheet_value(item, text):
    """What a cell of a sheet must be."""
    if text == "":
        return None
    if item["type"] in NUMBERS and IS_NUMBER(text) and text != "-0" and len(re.sub(r"\D", "", text)) <= 15:
        return float(text)
    if item["type"] == "date" and IS_DATE(text) and date.fromisoformat(text) >= FIRST_SHEET_DAY:
        return datetime.fromisoformat(text)
    return text


def sheet_row(form, entry, texts):
    columns = [{"type": "number"} if name in ("id", "db_id", "payment_amount") else {"type": "text"} for name in METAS]
    columns += [item for item, _ in leaves(form["items"])]
    row = [sheet_value(item, text) for item, text in zip(columns, texts)]
    for place, name in enumerate(METAS):
        if name in DATES and texts[place] and texts[place] >= "1900-03-01":
            row[place] = instant(texts[place]).replace(tzinfo=None)
    return row


def check_xlsx(path, form, submissions):
    expected = list(rows(form, submissions))
    expected[1:] = [sheet_row(form, entry, texts) for entry, texts in zip(submissions, expected[1:])]
    for read_only in (False, True):
        book = openpyxl.load_workbook(path, read_only=read_only)
        found = []
        for sheet in book.worksheets:
            cells = [list(row) for row in sheet.iter_rows(values_only=True)]
            found += cells if not found else cells[1:]
        found = [whole([loose(value) for value in row], len(expected[0])) for row in found]
        same_rows("openpyxl", found, expected)
        if not read_only and (sheet.freeze_panes != "A2" or not sheet["A1"].font.bold or not sheet.auto_filter.ref):
            raise Difference("the header is not frozen, bold and a filter")


def loose(value):
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return float(value)


def whole(row, columns):
    """The row with what goes on behind its last column put where it belongs."""
    row, rests = row[:columns] + [None] * (columns - len(row)), [text for text in row[columns:] if text]
    for text in rests:
        letters, rest = REST(text).groups()
        place = openpyxl.utils.column_index_from_string(letters) - 1
        row[place] = row[place].removesuffix(GOES_ON) + rest
    return row


def parquet_columns(form):
    """Name, type and where it is from, of every column; one of texts stands behind that of numbers or days."""
    items = [None] * len(METAS) + [item for item, _ in leaves(form["items"])]
    names = header(list(leaves(form["items"])))
    taken = set(names)
    for name, item, place in zip(names, items, range(len(names))):
        if place < len(METAS):
            kind = {"id": "int64", "db_id": "int64", "payment_amount": "double"}.get(name, "string")
            kind = "timestamp[us, tz=UTC]" if name in DATES else kind
        else:
            kind = {"date": "date32[day]"}.get(item["type"], "double" if item["type"] in NUMBERS else "string")
        yield name, kind, item, place, False
        if kind in ("double", "date32[day]"):
            name += " (text)"
            while name in taken:
                name += " (text)"
            taken.add(name)
            yield name, "string", item, place, kind


def parquet_value(entry, name, kind, item, texts, of):
    """What must be in a column: nothing where nothing was given."""
    given = entry.get(IN_DATA_SET.get(name, name)) if item is None else entry["answers"].get(item["id"])
    if of:
        given = given if item else entry.get("payment_amount")
        return None if given is None or typed(of, texts) is not None else texts
    if given is None:
        return None
    if name in DATES and item is None:
        return instant(given).astimezone(timezone.utc)
    return typed(kind, texts) if kind != "string" else texts


def typed(kind, text):
    if kind == "int64":
        return int(text)
    if kind == "double":
        fits = IS_NUMBER(text) and text != "-0" and len(re.sub(r"\D", "", text)) <= 15
        return float(text) if fits else None
    return date.fromisoformat(text) if IS_DATE(text) else None


def check_parquet(path, form, submissions):
    columns, texts = list(parquet_columns(form)), list(rows(form, submissions))[1:]
    expected = [
        [parquet_value(entry, name, kind, item, row[place], of) for name, kind, item, place, of in columns]
        for entry, row in zip(submissions, texts)
    ]
    table = pyarrow.parquet.read_table(path)
    types = [(field.name, str(field.type)) for field in table.schema]
    same_rows("pyarrow", types, [(name, kind) for name, kind, *_ in columns])
    found = [list(row) for row in zip(*(column.to_pylist() for column in table.columns))]
    same_rows("pyarrow", found, expected)
    metadata = pyarrow.parquet.ParquetFile(path).metadata
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(0).statistics
        if not statistics or not statistics.has_min_max:
            raise Difference("row group %d says nothing of its ids" % group)
    instants = [kind.startswith("timestamp") for _, kind, *_ in columns]
    shown = ['"%s"' % name.replace('"', '""') for name, *_ in columns]
    shown = ["epoch_us(%s)" % name if is_instant else name for name, is_instant in zip(shown, instants)]
    found = [list(row) for row in duckdb.sql("SELECT %s FROM read_parquet('%s')" % (", ".join(shown), path)).fetchall()]
    micros = [
        [(value - EPOCH) // timedelta(microseconds=1) if is_instant and value else value
         for value, is_instant in zip(row, instants)]
        for row in expected
    ]
    same_rows("duckdb", found, micros)


def same_rows(reader, found, expected):
    for number, (is_there, must_be) in enumerate(zip(found, expected)):
        if is_there != must_be and isinstance(must_be, list) and len(is_there) == len(must_be):
            place = next(n for n, (one, other) in enumerate(zip(is_there, must_be)) if one != other)
            raise Difference("%s: row %d, column %d: %.300r, must be %.300r" %
                             (reader, number, place + 1, is_there[place], must_be[place]))
        if is_there != must_be:
            raise Difference("%s: row %d: %.3000r, must be %.3000r" % (reader, number, is_there, must_be))
    if len(found) != len(expected):
        raise Difference("%s: %d rows, must be %d" % (reader, len(found), len(expected)))


CHECKS = {".csv": check_csv, ".json": check_json, ".ndjson": check_json, ".xlsx": check_xlsx, ".parquet": check_parquet}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", metavar="DATASET.jsonl", type=Path)
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--form", type=int, required=True)
    args = parser.parse_args()
    csv.field_size_limit(LONGEST_CELL)
    form, _, submissions = read(args.dataset, args.form)
    submissions = list(submissions)
    for path in sorted(args.folder.iterdir()):
        try:
            CHECKS[inner(path)](path, form, submissions)
        except Exception as difference:
            sys.exit("%s: %s: %s" % (path.name, type(difference).__name__, difference))
        print("%s is what it must be" % path.name)


if __name__ == "__main__":
    main()
