//! What filters mean, by examples: each with documents for which it holds, and documents for which it does not.

use super::*;
use crate::{AudienceId, Fault, Field, FieldType, Profile, ProfileId};

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn list(items: impl IntoIterator<Item = Json>) -> Json {
    Json::List(items.into_iter().collect())
}

fn object<'n>(members: impl IntoIterator<Item = (&'n str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn one(name: &str, value: Json) -> Json {
    object([(name, value)])
}

fn fields() -> Vec<Field> {
    let field = |name: &str, kind| Field { name: name.to_owned(), kind };
    vec![
        field("age", FieldType::Int),
        field("born", FieldType::Date),
        field("vip", FieldType::Bool),
        field("tags", FieldType::Tags),
    ]
}

fn read(query: &Json) -> Result<Filter, Fault> {
    Filter::read(query, &fields(), Spelling::Typed)
}

/// Which of the documents the filter holds of.
#[track_caller]
fn held(query: &Json, documents: &[Json]) -> Vec<usize> {
    let filter = read(query).unwrap();
    (0..documents.len()).filter(|n| filter.holds(&documents[*n])).collect()
}

#[test]
fn a_value_is_compared_with_its_own_type_only() {
    let documents = [
        one("a", Json::Int(1)),
        one("a", text("1")),
        one("a", Json::Bool(true)),
        one("a", Json::Null),
        object([]),
        one("a", Json::Float(1.0)),
        one("a", list([text("x"), Json::Int(1)])),
        one("a", one("b", Json::Int(1))),
    ];
    assert_eq!(held(&one("a", Json::Int(1)), &documents), [0, 5, 6]);
    assert_eq!(held(&one("a", text("1")), &documents), [1]);
    assert_eq!(held(&one("a", Json::Null), &documents), [3, 4]);
    assert_eq!(held(&one("a", one("$ne", Json::Int(1))), &documents), [1, 2, 3, 4, 7]);
    assert_eq!(held(&one("a", one("$gte", Json::Int(1))), &documents), [0, 5, 6]);
    assert_eq!(held(&one("a", one("$lt", text("2"))), &documents), [1]);
    assert_eq!(held(&one("a", one("$exists", Json::Bool(true))), &documents), [0, 1, 2, 3, 5, 6, 7]);
    assert_eq!(held(&one("a", one("$exists", Json::Bool(false))), &documents), [4]);
    assert_eq!(held(&one("a", one("$in", list([text("1"), Json::Null]))), &documents), [1, 3, 4]);
    assert_eq!(held(&one("a", one("$nin", list([text("1"), Json::Null]))), &documents), [0, 2, 5, 6, 7]);
    assert_eq!(held(&one("a", one("$not", one("$gt", Json::Int(0)))), &documents), [1, 2, 3, 4, 7]);
    assert_eq!(held(&one("a.b", Json::Int(1)), &documents), [7]);
    assert_eq!(held(&one("a.b", one("$exists", Json::Bool(false))), &documents), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(held(&one("a", one("b", Json::Int(1))), &documents), [7]);
}

#[test]
fn filters_are_put_together() {
    let documents =
        [object([("a", Json::Int(1)), ("b", Json::Int(1))]), one("a", Json::Int(1)), one("b", Json::Int(1))];
    let both = [one("a", Json::Int(1)), one("b", Json::Int(1))];
    assert_eq!(held(&object([("a", Json::Int(1)), ("b", Json::Int(1))]), &documents), [0]);
    assert_eq!(held(&one("$and", list(both.clone())), &documents), [0]);
    assert_eq!(held(&one("$or", list(both.clone())), &documents), [0, 1, 2]);
    assert_eq!(held(&one("$nor", list([both[0].clone()])), &documents), [2]);
    assert_eq!(held(&object([]), &documents), [0, 1, 2]);
}

#[test]
fn lists_are_looked_into() {
    let item = |name: &str, price| object([("name", text(name)), ("price", Json::Int(price))]);
    let documents = [
        one("l", list([text("x"), text("y")])),
        one("l", list([item("pen", 2), item("ink", 9)])),
        one("l", list([])),
        one("l", list([list([text("x")])])),
    ];
    assert_eq!(held(&one("l", one("$all", list([text("y"), text("x")]))), &documents), [0]);
    assert_eq!(held(&one("l", one("$all", list([]))), &documents), [0; 0]);
    assert_eq!(held(&one("l", one("$size", Json::Int(2))), &documents), [0, 1]);
    assert_eq!(held(&one("l", one("$size", Json::Int(0))), &documents), [2]);
    assert_eq!(held(&one("l", list([text("x"), text("y")])), &documents), [0]);
    assert_eq!(held(&one("l", list([text("x")])), &documents), [3]);
    assert_eq!(held(&one("l.1", text("y")), &documents), [0]);
    assert_eq!(held(&one("l.price", one("$gt", Json::Int(8))), &documents), [1]);
    let cheap_ink = object([("name", text("ink")), ("price", one("$lt", Json::Int(5)))]);
    assert_eq!(held(&one("l", one("$elemMatch", cheap_ink)), &documents), [0; 0]);
    let ink = object([("name", text("ink")), ("price", one("$gt", Json::Int(5)))]);
    assert_eq!(held(&one("l", one("$elemMatch", ink)), &documents), [1]);
    assert_eq!(held(&one("l", one("$elemMatch", one("$regex", text("^y")))), &documents), [0]);
    let either = one("$or", list([one("name", text("pen")), one("name", text("cap"))]));
    assert_eq!(held(&one("l", one("$elemMatch", either)), &documents), [1]);
}

#[test]
fn texts_are_matched() {
    let documents = [one("a", text("Doctor")), one("a", list([text("a doctor")])), one("a", Json::Int(1))];
    let pattern =
        |text_: &str, options: &str| one("a", object([("$regex", text(text_)), ("$options", text(options))]));
    assert_eq!(held(&one("a", one("$regex", text("doctor"))), &documents), [1]);
    assert_eq!(held(&pattern("doctor", "i"), &documents), [0, 1]);
    assert_eq!(held(&pattern("^Doc", ""), &documents), [0]);
    assert_eq!(held(&one("a", one("$not", one("$regex", text("doctor")))), &documents), [0, 2]);
}

#[test]
fn dates_are_instants() {
    let documents = [
        one("born", text("1990-05-01")),
        one("born", text("1990-05-01T02:00:00+02:00")),
        one("born", text("1990-05-01T00:00:00.5Z")),
        one("born", text("unknown")),
    ];
    assert_eq!(held(&one("born", text("1990-05-01T00:00:00Z")), &documents), [0, 1]);
    assert_eq!(held(&one("born", one("$gt", text("1990-05-01"))), &documents), [2]);
    assert_eq!(held(&one("born", one("$lte", text("1990-05-01"))), &documents), [0, 1]);
    assert_eq!(held(&one("born", one("$ne", text("1990-05-01"))), &documents), [2, 3]);
    assert_eq!(held(&one("born", text("unknown")), &documents), [3]);
}

#[test]
fn texts_are_taken_for_what_the_field_holds() {
    let read = |query: &Json| Filter::read(query, &fields(), Spelling::Texts).unwrap();
    let document = object([("age", Json::Int(42)), ("vip", Json::Bool(true)), ("name", text("42"))]);
    for (name, value) in [("age", "42"), ("age", " 42.0"), ("vip", "true"), ("vip", "1"), ("name", "42")] {
        assert!(read(&one(name, text(value))).holds(&document), "{name} {value}");
    }
    assert!(!read(&one("age", text("forty-two"))).holds(&document));
    assert!(read(&one("age", one("$in", text("42")))).holds(&document));
    assert!(read(&one("phone", one("$exists", text("false")))).holds(&document));
}

#[test]
fn a_profile_has_its_members_before_its_fields() {
    let profile = Profile {
        id: ProfileId([0xab; 12]),
        audience_id: AudienceId(1),
        email: Some("ada@example.org".into()),
        phones: vec!["+1 2".into(), "3".into()],
        status: None,
        fields: String::new(),
    };
    let document = document(&profile, object([("email", text("another")), ("age", Json::Int(1))]));
    let id = text(&"ab".repeat(12));
    for query in [
        one("_id", id.clone()),
        one("id", id),
        one("email", text("ada@example.org")),
        one("phones", text("3")),
        one("phones", one("$size", Json::Int(2))),
        one("status", Json::Null),
        one("age", Json::Int(1)),
    ] {
        assert!(read(&query).unwrap().holds(&document), "{query:?}");
    }
    assert!(!read(&one("email", text("another"))).unwrap().holds(&document));
}

#[test]
fn what_is_not_known_is_refused_and_named() {
    let nothing = || object([]);
    for (query, fault) in [
        (list([]), ": is not an object"),
        (text("x"), ": is not an object"),
        (one("$where", text("1")), "$where: is not an operator that is known here"),
        (one("a", one("$near", text("1"))), "a.$near: is not an operator that is known here"),
        (
            one("a", object([("$gt", Json::Int(1)), ("b", Json::Int(1))])),
            "a.b: is not an operator that is known here",
        ),
        (one("a", one("$options", text("i"))), "a.$options: is not an operator that is known here"),
        (
            one("a", one("$eq", one("$gt", Json::Int(1)))),
            "a.$eq.$gt: is an operator where a value is expected",
        ),
        (one("a", one("$in", Json::Int(1))), "a.$in: is not a list"),
        (
            one("a", one("$in", list([one("$gt", Json::Int(1))]))),
            "a.$in[0].$gt: is an operator where a value is expected",
        ),
        (one("a", one("$gt", list([]))), "a.$gt: is a list or an object, which nothing is before or after"),
        (one("a", one("$exists", Json::Int(1))), "a.$exists: is neither true nor false"),
        (one("a", one("$size", Json::Int(-1))), "a.$size: is not a whole number of 0 or more"),
        (one("a", one("$not", Json::Int(1))), "a.$not: is not an object of operators"),
        (one("a", one("$regex", text("("))), "a.$regex: is not a regular expression that is taken here"),
        (
            one("a", one("$regex", text("\\w{999}{999}"))),
            "a.$regex: is not a regular expression that is taken here",
        ),
        (one("a", one("$regex", Json::Int(1))), "a.$regex: is not a text"),
        (
            one("a", object([("$regex", text("a")), ("$options", text("x"))])),
            "a.$regex: has $options other than i",
        ),
        (one("a..b", Json::Int(1)), "a..b: is not the path of a field"),
        (one("", Json::Int(1)), ": is not the path of a field"),
        (one("$or", list([])), "$or: is not a list of at least one filter"),
        (one("$or", nothing()), "$or: is not a list of at least one filter"),
        (one("$and", list([nothing(), text("x")])), "$and[1]: is not an object"),
        (one("a", one("$elemMatch", Json::Int(1))), "a.$elemMatch: is not an object"),
    ] {
        assert_eq!(read(&query).unwrap_err().to_string(), fault, "{query:?}");
    }
}

#[test]
fn what_is_too_deep_or_too_long_is_refused() {
    let nested = |levels| (0..levels).fold(one("a", Json::Int(1)), |inner, _| one("$and", list([inner])));
    assert!(read(&nested(16)).is_ok());
    assert!(read(&nested(17)).unwrap_err().message.starts_with("is nested deeper"));
    let negated =
        |levels| one("a", (0..levels).fold(one("$gt", Json::Int(1)), |inner, _| one("$not", inner)));
    assert!(read(&negated(16)).is_ok());
    assert!(read(&negated(17)).is_err());
    let values = |count| one("a", one("$in", list((0..count).map(Json::Int))));
    assert!(read(&values(1_998)).is_ok());
    assert!(read(&values(1_999)).unwrap_err().message.starts_with("has more than 2000"));
    assert!(read(&one("a", (0..20).fold(Json::Null, |inner, _| list([inner])))).is_err());
    assert!(read(&one(&"a".repeat(201), Json::Null)).is_err());
}
