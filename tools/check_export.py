#!/usr/bin/env python3
"""Says whether an export holds what a data set says it must: check_export.py DATASET.jsonl EXPORT.zip --form 1 --from DAY --to DAY

It shares nothing with the program that made the export: what must be in the file is computed here, from the data set and
from the rules of the table layout, and compared cell by cell, in order. The first difference ends it with exit status 1.
"""
import argparse
import csv
import io
import json
import re
import sys
import zipfile
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

METAS = ["id", "date_start", "date_finish", "date_update", "result_status", "login_email", "login_username",
         "payment_amount", "payment_status", "user_browser", "user_ip", "user_device", "user_referrer", "db_id",
         "profile_id"]
DATES = {"date_start", "date_finish", "date_update"}
IN_DATA_SET = {"result_status": "status", "db_id": "audience_id"}
CHOSEN = {"radio", "dropdown", "checkbox"}
LONGEST_CELL = 1 << 24
NEEDS_QUOTES = re.compile('[,"\r\n]').search


class Difference(Exception):
    """What is wrong with the export."""


def read(path, form_id):
    """The form, the time zone of its days, and its submissions in the order in which they arrive."""
    accounts, form, submissions = {}, None, {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            # A number is kept as it is spelled: 12.50 must not become 12.5.
            entry = json.loads(line, parse_float=str)
            if entry["kind"] == "account":
                accounts[entry["id"]] = entry
            elif entry["kind"] == "form" and entry["id"] == form_id:
                form = entry
            elif entry["kind"] == "submission" and entry["form_id"] == form_id:
                submissions[entry["id"]] = entry
    if form is None:
        sys.exit("form %d is not in %s" % (form_id, path))
    zone = form.get("timezone") or accounts[form["account_id"]].get("timezone") or "UTC"
    return form, ZoneInfo(zone), submissions.values()


def leaves(items, above=""):
    """Every item that is answered, with its full label, in the form's order."""
    for item in items:
        label = above + item["label"]
        if item.get("children"):
            yield from leaves(item["children"], label + ": ")
        else:
            yield item, label


def header(columns):
    labels = METAS + [label for _, label in columns]
    names = [label if labels.count(label) == 1 else "%s (%s)" % (label, item["id"]) for item, label in columns]
    return METAS + names


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def meta(entry, name):
    value = entry.get(IN_DATA_SET.get(name, name))
    if value is None:
        return ""
    if name in DATES:
        return instant(value).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


def choice(item, made):
    labels = {option["position"]: option["label"] for option in item["choices"]}
    label = labels.get(made["position"], str(made["position"]))
    return "%s: %s" % (label, made["other"]) if made.get("other") else label


def cell(item, answer):
    if answer is None:
        return ""
    if item["type"] in CHOSEN:
        return " | ".join(choice(item, made) for made in answer)
    if item["type"] == "file":
        return " | ".join(file["url"] for file in answer)
    return " | ".join(answer) if isinstance(answer, list) else answer


def is_wanted(entry, zone, first_day, last_day):
    """Whether it was finished in the period, by the calendar on the wall of the form's place."""
    if entry["status"] != "Complete":
        return False
    return first_day <= instant(entry["date_finish"]).astimezone(zone).date() <= last_day


def expected_rows(form, zone, submissions, first_day, last_day):
    columns = list(leaves(form["items"]))
    yield header(columns)
    for entry in submissions:
        if is_wanted(entry, zone, first_day, last_day):
            answers = entry["answers"]
            yield [meta(entry, name) for name in METAS] + [cell(item, answers.get(item["id"])) for item, _ in columns]


class Lines:
    """Lines of a text, which remembers those that were read last."""

    def __init__(self, text):
        self.text, self.read = text, []

    def __iter__(self):
        for line in self.text:
            self.read.append(line)
            yield line

    def take(self):
        taken, self.read = "".join(self.read), []
        return taken


def spelled(cells):
    """The only way to write these cells: quotes where they are needed and nowhere else."""
    quoted = ('"%s"' % text.replace('"', '""') if NEEDS_QUOTES(text) else text for text in cells)
    return ",".join(quoted) + "\n"


def compare(number, names, found, expected, raw):
    if found is None:
        raise Difference("row %d is missing: %r" % (number, expected))
    if expected is None:
        raise Difference("row %d should not be there: %r" % (number, found))
    for place, (is_there, must_be) in enumerate(zip(found, expected)):
        if is_there != must_be:
            raise Difference("row %d, column %d (%s): %r, must be %r" %
                             (number, place + 1, names[place], is_there, must_be))
    if len(found) != len(expected):
        raise Difference("row %d has %d cells, must have %d" % (number, len(found), len(expected)))
    if raw != spelled(expected):
        raise Difference("row %d is spelled %r, must be %r" % (number, raw, spelled(expected)))


def open_entry(archive, path, form_id):
    """The one entry of the archive, as text."""
    names = archive.namelist()
    if len(names) != 1 or not re.fullmatch(r"%d_\d+_form_export\.csv" % form_id, names[0]):
        raise Difference("the archive holds %r" % names)
    if path.name.endswith("_form_export.zip") and path.stem != Path(names[0]).stem:
        raise Difference("%s holds %s" % (path.name, names[0]))
    if archive.testzip():
        raise Difference("%s is damaged" % names[0])
    # Without a translation of line ends: those within a cell are part of it.
    return io.TextIOWrapper(archive.open(names[0]), encoding="utf-8", newline="")


def check(args):
    form, zone, submissions = read(args.dataset, args.form)
    expected = expected_rows(form, zone, submissions, args.first_day, args.last_day)
    csv.field_size_limit(LONGEST_CELL)
    count, names = 0, None
    with zipfile.ZipFile(args.export) as archive, open_entry(archive, args.export, args.form) as text:
        lines = Lines(text)
        found = csv.reader(iter(lines), strict=True)
        while True:
            row, must_be = next(found, None), next(expected, None)
            if row is None and must_be is None:
                break
            names = names or must_be
            compare(count, names, row, must_be, lines.take())
            count += 1
    print("%d rows of %d columns are what they must be" % (count - 1, len(names)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", metavar="DATASET.jsonl", type=Path)
    parser.add_argument("export", metavar="EXPORT.zip", type=Path)
    parser.add_argument("--form", type=int, required=True)
    parser.add_argument("--from", dest="first_day", type=date.fromisoformat, required=True, help="the first day")
    parser.add_argument("--to", dest="last_day", type=date.fromisoformat, required=True, help="the last day, included")
    try:
        check(parser.parse_args())
    except (Difference, csv.Error, zipfile.BadZipFile, UnicodeDecodeError) as difference:
        sys.exit("%s (row 0 is the header)" % difference)


if __name__ == "__main__":
    main()
