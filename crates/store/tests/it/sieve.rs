//! Filters and the databases' sieves for them: whatever a filter holds of passes, on both.

use crate::audiences::{AUDIENCE, prepare_audience, profile};
use crate::database::Db;
use fillhouse_model::filter::{Spelling, document};
use fillhouse_model::{Field, FieldType, Filter, Profile};
use fillhouse_store::document::value_from_json;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

conformance! {
    a_sieve_lets_through_whatever_the_filter_holds_of,
    a_sieve_keeps_back_what_it_can_tell_is_not_wanted,
}

const FILTERS: usize = 400;
/// Values that resemble each other, and what a pattern or a spelling could trip over.
const VALUES: [&str; 22] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "1.0",
    "-1",
    "1e3",
    "1000",
    "\"1\"",
    "\"\"",
    "\"a\"",
    "\"A\"",
    "\"a\\\"b\"",
    "\"100%\"",
    "\"a_b\"",
    "\"a\\\\b\"",
    "\"\\u0000\"",
    "\"ж\"",
    "\"Ж\"",
    "\"1990-05-01\"",
    "\"1990-05-01T02:00:00+02:00\"",
];
const NAMES: [&str; 5] = ["a", "b", "born", "e_f", "q\\\"r"];
const PATHS: [&str; 12] =
    ["a", "b", "born", "e_f", "q\\\"r", "a.b", "b.0", "a.b.0.a", "_id", "email", "phones", "status"];
const OPERATORS: [&str; 8] = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$exists", "$regex"];

fn pick<'a>(random: &mut StdRng, from: &[&'a str]) -> &'a str {
    from[random.random_range(0..from.len())]
}

fn value(random: &mut StdRng, depth: u32) -> String {
    match random.random_range(0..10) {
        0 | 1 if depth > 0 => {
            let items: Vec<String> =
                (0..random.random_range(0..3)).map(|_| value(random, depth - 1)).collect();
            format!("[{}]", items.join(","))
        }
        2 | 3 if depth > 0 => object(random, depth - 1),
        _ => pick(random, &VALUES).to_owned(),
    }
}

/// In the one spelling in which fields are kept: the names in any order, none twice.
fn object(random: &mut StdRng, depth: u32) -> String {
    let mut names = NAMES.to_vec();
    names.retain(|_| random.random_bool(0.5));
    let member = |name: &str| format!("\"{name}\":{}", value(random, depth));
    format!("{{{}}}", names.into_iter().map(member).collect::<Vec<_>>().join(","))
}

fn condition(random: &mut StdRng, depth: u32) -> String {
    let path = pick(random, &PATHS);
    if random.random_range(0..4) == 0 && depth > 0 {
        let operator = pick(random, &["$and", "$or", "$nor"]);
        let filters: Vec<String> =
            (0..random.random_range(1..4)).map(|_| condition(random, depth - 1)).collect();
        return format!("{{\"{operator}\":[{}]}}", filters.join(","));
    }
    let one = value(random, 1);
    let two = value(random, 0);
    let test = match random.random_range(0..9) {
        0..3 => one,
        3 => format!("{{\"$in\":[{one},{two}]}}"),
        4 => format!("{{\"$nin\":[{one},{two}]}}"),
        5 => format!("{{\"$all\":[{one}]}}"),
        6 => format!("{{\"$elemMatch\":{{\"$in\":[{two}]}}}}"),
        7 => format!("{{\"$not\":{{\"$in\":[{two}]}}}}"),
        _ => {
            let operator = pick(random, &OPERATORS);
            let operand = match operator {
                "$exists" => pick(random, &["true", "false"]),
                "$regex" => pick(random, &["\"a\"", "\"^1\""]),
                _ => &two,
            };
            format!("{{\"{operator}\":{operand}}}")
        }
    };
    format!("{{\"{path}\":{test}}}")
}

fn people(random: &mut StdRng) -> Vec<Profile> {
    let person = |number: u32| Profile {
        email: random.random_bool(0.5).then(|| pick(random, &["a", "A", "1", "100%"]).to_owned()),
        phones: if random.random_bool(0.5) { vec!["1".into(), "a_b".into()] } else { vec![] },
        status: random.random_bool(0.3).then(|| "a".to_owned()),
        fields: object(random, 3),
        ..profile(number)
    };
    (0..200).map(person).collect()
}

fn holds(filter: &Filter, profile: &Profile) -> bool {
    filter.holds(&document(profile, value_from_json(&profile.fields).unwrap()))
}

fn read(query: &str) -> Filter {
    let born = [Field { name: "born".into(), kind: FieldType::Date }];
    Filter::read(&value_from_json(query).unwrap(), &born, Spelling::Typed).unwrap()
}

async fn a_sieve_lets_through_whatever_the_filter_holds_of(db: Db) {
    prepare_audience(&db).await;
    let mut random = StdRng::seed_from_u64(11);
    let people = people(&mut random);
    crate::audiences::put(&db, &people).await;
    let (mut wanted_in_all, mut kept_back) = (0, 0);
    for _ in 0..FILTERS {
        let query = condition(&mut random, 2);
        let filter = read(&query);
        let wanted: Vec<&Profile> = people.iter().filter(|profile| holds(&filter, profile)).collect();
        let passed = read!(db, [filter], |tx| tx.profiles_like(AUDIENCE, None, &filter, 999).await).unwrap();
        let found: Vec<&Profile> = passed.iter().filter(|profile| holds(&filter, profile)).collect();
        assert_eq!(found, wanted, "{query}");
        wanted_in_all += wanted.len();
        kept_back += people.len() - passed.len();
        let chunk =
            read!(db, [filter], |tx| tx.profile_chunk(AUDIENCE, None, 1, &filter, 999).await).unwrap();
        assert_eq!(chunk.profiles, passed, "{query}");
    }
    assert!(wanted_in_all > 5_000 && kept_back > 20_000, "{wanted_in_all} {kept_back}");
}

async fn a_sieve_keeps_back_what_it_can_tell_is_not_wanted(db: Db) {
    prepare_audience(&db).await;
    let with = |number, fields: &str| Profile { fields: fields.into(), ..profile(number) };
    let people = [
        with(1, r#"{"occupation":"doctor"}"#),
        with(2, r#"{"occupation":"nurse","tags":["x","100%"]}"#),
        Profile { email: None, ..with(3, r#"{"age":5}"#) },
    ];
    crate::audiences::put(&db, &people).await;
    let id = people[1].id;
    for (query, passed) in [
        (r#"{"occupation":"doctor"}"#.to_owned(), &[0][..]),
        (r#"{"occupation":{"$in":["nurse","doctor"]}}"#.to_owned(), &[0, 1]),
        (r#"{"$or":[{"occupation":"nurse"},{"age":{"$gt":1}}]}"#.to_owned(), &[1, 2]),
        (r#"{"tags":"100%","occupation":{"$ne":"nurse"}}"#.to_owned(), &[1]),
        (format!(r#"{{"_id":"{id}"}}"#), &[1]),
        (r#"{"email":"1@example.org"}"#.to_owned(), &[0]),
        (r#"{"email":{"$exists":true}}"#.to_owned(), &[0, 1]),
        (r#"{"phones":"3"}"#.to_owned(), &[2]),
        (r#"{"status":{"$regex":"a"}}"#.to_owned(), &[]),
    ] {
        let filter = read(&query);
        let found = read!(db, [filter], |tx| tx.profiles_like(AUDIENCE, None, &filter, 9).await).unwrap();
        let expected: Vec<Profile> = passed.iter().map(|n| people[*n].clone()).collect();
        assert_eq!(found, expected, "{query}");
    }
}
