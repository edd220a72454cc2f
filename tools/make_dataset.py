#!/usr/bin/env python3
"""Writes a reproducible data set in the interchange format (see docs/interchange.md) to standard output.

The same arguments give the same bytes. Text holds what real answers hold: quotes, commas, line breaks, several
scripts, emoji, leading `=`, `+`, `-` and `@`, and empty answers.
"""
import argparse
import json
import random
import sys
from datetime import datetime, timedelta, timezone

WORDS = ("quick delivery friendly staff price quality colour fabric return shipping late early website checkout "
         "payment support answer email phone store product size small large medium broken perfect again never maybe "
         "because would recommend colleagues family Tuesday morning invoice refund voucher queue parking menu").split()
ODD = ['say "hello", twice', "line one\nline two", "naïve café, €5", "Привет, мир", "こんにちは", "שלום", "👍🏽 great",
       "=1+1", "+44 20 7946 0018", "-3.5", "@home", "a;b|c\td", "  padded  ", "comma, comma", "back\\slash", "'quoted'"]
FIRST = "Ada Alan Grace Linus Margaret Edsger Barbara Donald Radia Ken Dennis Frances John Jean Katherine Tim".split()
CITIES = "Berlin Lagos Lima Oslo Osaka Pune Quito Riga Split Turin Utrecht Vilnius Warsaw Xiamen Yerevan Zagreb".split()
JOBS = ["doctor", "nurse", "teacher", "engineer", "driver", "baker", "lawyer", "student"]
BROWSERS = ["Firefox", "Chrome", "Safari", "Edge"]
DEVICES = ["Desktop", "Tablet", "Mobile"]


def choice_list(*labels):
    return [{"position": n, "label": label} for n, label in enumerate(labels)]


def items():
    """The form's items: 16 plain ones and a matrix of four rows, so 20 leaves."""
    return [
        {"id": "100", "type": "text", "label": "What is your name?", "required": True},
        {"id": "101", "type": "email", "label": "E-mail", "matches": "email"},
        {"id": "102", "type": "phone", "label": "Phone", "matches": "phone"},
        {"id": "103", "type": "radio", "label": "How did you hear about us?", "allow_other": True,
         "choices": choice_list("Search engine", "A friend", "Advertisement, print", "Other")},
        {"id": "104", "type": "checkbox", "label": "What did you buy?",
         "choices": choice_list("Shoes", "Shirts", "Hats & gloves", 'The "premium" bag', "Nothing")},
        {"id": "105", "type": "dropdown", "label": "Country",
         "choices": choice_list("Germany", "Nigeria", "Peru", "Norway", "Japan", "India")},
        {"id": "106", "type": "number", "label": "Order value"},
        {"id": "107", "type": "date", "label": "Date of purchase"},
        {"id": "108", "type": "long_text", "label": "What could we do better?"},
        {"id": "109", "type": "long_text", "label": "Anything else?"},
        {"id": "110", "type": "scale", "label": "How likely are you to recommend us?"},
        {"id": "111", "type": "rating", "label": "Stars"},
        {"id": "112", "type": "hidden", "label": "campaign"},
        {"id": "113", "type": "text", "label": "City"},
        {"id": "114", "type": "text", "label": "Customer number", "matches": "field:customer_no"},
        {"id": "115", "type": "calculation", "label": "Total"},
        {"id": "116", "type": "matrix_choice", "label": "Please rate", "children": [
            {"id": "116-%d" % row, "type": "radio", "label": label,
             "choices": choice_list("Poor", "Fair", "Good", "Excellent")}
            for row, label in enumerate(["Delivery", "Packaging", "Price", "Support"])]},
    ]


def sentence(rng, low, high):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(low, high)))


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def answers(rng, number, person):
    got = {
        "100": person["fields"]["name"] if person else rng.choice(FIRST) + " " + sentence(rng, 1, 1).title(),
        "103": [{"position": rng.randrange(3)}] if rng.random() < 0.9 else [{"position": 3, "other": rng.choice(ODD)}],
        "104": [{"position": p} for p in sorted(rng.sample(range(5), rng.randint(0, 3)))],
        "105": [{"position": rng.randrange(6)}],
        "106": "%d.%02d" % (rng.randrange(900), rng.randrange(100)),
        "107": "2026-%02d-%02d" % (rng.randint(1, 12), rng.randint(1, 28)),
        "110": str(rng.randint(0, 10)),
        "111": str(rng.randint(1, 5)),
        "112": "spring-%d" % rng.randrange(40),
        "113": rng.choice(CITIES),
        "115": str(number * 7 % 1000),
    }
    if person:
        got["101"] = person["email"]
        got["102"] = person["phones"][0]
        got["114"] = person["fields"]["customer_no"]
    elif rng.random() < 0.8:
        got["101"] = "visitor%d@example.net" % rng.randrange(10 ** 7)
    if rng.random() < 0.9:
        got["108"] = sentence(rng, 4, 24)
    if rng.random() < 0.15:
        got["109"] = rng.choice(ODD) if rng.random() < 0.5 else sentence(rng, 2, 12) + ", " + rng.choice(ODD)
    for row in range(4):
        if rng.random() < 0.95:
            got["116-%d" % row] = [{"position": rng.randrange(4)}]
    return got


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=1000, help="submissions of the first form (default 1000)")
    parser.add_argument("--profiles", type=int, default=200, help="profiles of the audience (default 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--token", default="demo-token-0123456789abcdef", help="the first account's token, plain text")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    out = sys.stdout

    def put(kind, **fields):
        out.write(json.dumps({"kind": kind, **fields}, ensure_ascii=False, separators=(",", ":")) + "\n")

    put("account", id=20002, user_dir="acme", name="Acme", timezone="Europe/Berlin")
    put("account", id=20003, user_dir="globex", name="Globex")
    put("user", id=456, account_id=20002, email="owner@acme.example", name="Owner")
    put("user", id=457, account_id=20003, email="owner@globex.example")
    put("token", account_id=20002, user_id=456, name="all", abilities=["*"], secret=args.token)
    put("token", account_id=20002, user_id=456, name="read", abilities=["forms-read"], secret=args.token + "-read")
    put("token", account_id=20002, user_id=456, name="nothing", abilities=[], secret=args.token + "-nothing")
    put("token", account_id=20003, user_id=457, name="other", abilities=["*"], secret=args.token + "-other")
    put("audience", id=3, account_id=20002, name="Customers", fields=[
        {"name": "name", "type": "string"}, {"name": "occupation", "type": "string"}, {"name": "city", "type": "string"},
        {"name": "age", "type": "int"}, {"name": "customer_no", "type": "string"}, {"name": "vip", "type": "bool"},
        {"name": "since", "type": "date"}, {"name": "tags", "type": "tags"}])
    people = []
    for n in range(args.profiles):
        person = {"id": "%024x" % (0x507f1f77bcf86cd799000000 + n), "email": "person%d@example.com" % n,
                  "phones": ["+4930%07d" % n], "fields": {
                      "name": "%s %s" % (rng.choice(FIRST), rng.choice(WORDS).title()), "occupation": rng.choice(JOBS),
                      "city": rng.choice(CITIES), "age": rng.randint(16, 90), "customer_no": "C-%06d" % n,
                      "vip": rng.random() < 0.1, "since": "20%02d-%02d-01T00:00:00Z" % (rng.randint(10, 25), rng.randint(1, 12)),
                      "tags": rng.sample(["news", "promo", "beta", "print"], rng.randint(0, 3))}}
        if rng.random() < 0.1:
            del person["fields"]["city"]
        people.append(person)
        put("profile", audience_id=3, **person)
    put("segment", id=7, audience_id=3, name="Doctors", query={"occupation": "doctor"})
    put("segment", id=8, audience_id=3, name="Hand-picked", profiles=[p["id"] for p in people[:10]])
    form = dict(account_id=20002, state="open", description="Asked after each order")
    put("form", id=1, shortname="form_6Ven2v7O", directory="form123", slug="customer-survey", name="Customer Survey",
        items=items(), **form)
    put("form", id=2, shortname="form_Zk81bQxY", directory="form124", slug="feedback", name="Feedback", items=items(), **form)
    put("form", id=3, account_id=20003, shortname="form_Aa0Bb1Cc", directory="form123", slug="globex-survey", name="Globex Survey",
        state="closed (manually)", items=items()[:3])
    put("results_labels", form_id=1, id="10", name="Short", labels={"100": "name", "101": "email", "103": "source"})
    put("results_view", form_id=1, id="101", name="Contact", columns=["id", "date_update", "100", "101"])
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    step = timedelta(days=300) / max(args.submissions, 1)
    for n in range(args.submissions):
        begun = start + step * n + timedelta(seconds=rng.randrange(30))
        ended = begun + timedelta(seconds=rng.randint(20, 900))
        person = people[rng.randrange(len(people))] if people and rng.random() < 0.3 else None
        entry = dict(form_id=1, id=10000001 + n, status="Complete", date_start=stamp(begun), date_finish=stamp(ended),
                     date_update=stamp(ended), user_browser=rng.choice(BROWSERS),
                     user_ip="10.%d.%d.%d" % (rng.randrange(256), rng.randrange(256), rng.randrange(256)),
                     user_device=rng.choice(DEVICES),
                     user_referrer="N/A" if rng.random() < 0.3 else "https://shop.example/page/%d" % rng.randrange(500))
        if rng.random() < 0.02:
            entry["status"] = "Incomplete"
            del entry["date_finish"]
        if rng.random() < 0.05:
            entry.update(payment_amount=rng.randrange(1, 90000) / 100, payment_status="Payment Successful")
        if person and rng.random() < 0.5:
            entry.update(audience_id=3, profile_id=person["id"], login_email=person["email"])
        put("submission", answers=answers(rng, n, person), **entry)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
