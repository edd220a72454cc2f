//! Lines that refer to what is not there, or to what is another account's; and names that are taken.

use super::ended_at;
use crate::house::House;
use crate::samples::{ACCOUNT, form, form_line, item, small_house};
use fillhouse_model::{AccountId, Form, ItemType};

on_both!(
    what_a_line_refers_to_must_be_there,
    nothing_changes_its_account,
    names_are_taken_once,
    a_slug_is_nobodys_shortname,
    an_id_of_another_form_is_no_replacement,
);

const AUDIENCES: &str = r#"{"kind":"audience","id":3,"account_id":1,"name":"Ours","fields":[]}
{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439011","fields":{}}
{"kind":"segment","id":6,"audience_id":3,"name":"All","query":{}}
{"kind":"audience","id":4,"account_id":2,"name":"Theirs","fields":[]}
"#;

async fn refused(house: &House, line: &str, says: &str) {
    let before = house.dump().await;
    let imported = house.try_import(line.as_bytes(), false).await;
    assert_eq!(ended_at(&imported), format!("lines:1: {says}"), "{line}");
    assert_eq!(house.dump().await, before, "{line}");
}

async fn what_a_line_refers_to_must_be_there(house: House) {
    house.import(&(small_house() + AUDIENCES)).await;
    let token = r#"{"kind":"token","account_id":1,"user_id":21,"name":"t","abilities":[],"secret":"0123456789abcdef"}"#;
    for (line, says) in [
        (r#"{"kind":"user","id":12,"account_id":3,"email":"e"}"#, "account_id: account 3 does not exist"),
        (token, "user_id: user 21 does not exist in the account"),
        (&token.replace("21", "99"), "user_id: user 99 does not exist in the account"),
        (&token.replace(r#""account_id":1"#, r#""account_id":9"#), "account_id: account 9 does not exist"),
        (
            r#"{"kind":"audience","id":5,"account_id":9,"name":"A","fields":[]}"#,
            "account_id: account 9 does not exist",
        ),
        (
            r#"{"kind":"profile","audience_id":9,"id":"507f1f77bcf86cd799439011","fields":{}}"#,
            "audience_id: audience 9 does not exist",
        ),
        (
            r#"{"kind":"segment","id":5,"audience_id":9,"name":"S","query":{}}"#,
            "audience_id: audience 9 does not exist",
        ),
        (
            r#"{"kind":"segment","id":5,"audience_id":9,"deleted":true}"#,
            "audience_id: audience 9 does not exist",
        ),
        (
            r#"{"kind":"segment","id":6,"audience_id":4,"deleted":true}"#,
            "account_id: is not 1, the account that it belongs to",
        ),
        (
            r#"{"kind":"segment","id":5,"audience_id":3,"name":"S","profiles":["507f1f77bcf86cd799439011","507f1f77bcf86cd799439012"]}"#,
            "profiles[1]: profile 507f1f77bcf86cd799439012 does not exist",
        ),
        (
            r#"{"kind":"results_labels","form_id":9,"id":"1","name":"L","labels":{}}"#,
            "form_id: form 9 does not exist",
        ),
        (
            r#"{"kind":"results_view","form_id":9,"id":"1","name":"V","columns":[]}"#,
            "form_id: form 9 does not exist",
        ),
        (
            r#"{"kind":"webhook","form_id":9,"url":"https://a.example","event":"e"}"#,
            "form_id: form 9 does not exist",
        ),
        (
            r#"{"kind":"integration","id":1,"form_id":9,"url":"https://a.example","active":true,"created_at":"2026-04-01T00:00:00Z","updated_at":"2026-04-01T00:00:00Z"}"#,
            "form_id: form 9 does not exist",
        ),
        (
            r#"{"kind":"integration","id":1099511627777,"form_id":7,"url":"https://a.example","active":true,"created_at":"2026-04-01T00:00:00Z","updated_at":"2026-04-01T00:00:00Z"}"#,
            "id: is larger than 1099511627776",
        ),
        (form_line(&form(8, AccountId(9), vec![])).trim_end(), "account_id: account 9 does not exist"),
        (
            r#"{"kind":"submission","form_id":7,"id":1,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","audience_id":4,"profile_id":"507f1f77bcf86cd799439011","answers":{}}"#,
            "audience_id: audience 4 does not exist",
        ),
        (
            r#"{"kind":"submission","form_id":7,"id":1,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","audience_id":3,"profile_id":"507f1f77bcf86cd799439012","answers":{}}"#,
            "profile_id: profile 507f1f77bcf86cd799439012 does not exist",
        ),
    ] {
        refused(&house, line, says).await;
    }
}

async fn nothing_changes_its_account(house: House) {
    house.import(&(small_house() + AUDIENCES)).await;
    let theirs = form_line(&form(7, AccountId(2), vec![]));
    for line in [
        r#"{"kind":"user","id":11,"account_id":2,"email":"e"}"#,
        r#"{"kind":"token","account_id":2,"user_id":21,"name":"t","abilities":[],"secret":"the-secret-of-account-1"}"#,
        r#"{"kind":"audience","id":3,"account_id":2,"name":"A","fields":[]}"#,
        r#"{"kind":"segment","id":6,"audience_id":4,"name":"S","query":{}}"#,
        theirs.trim_end(),
    ] {
        refused(&house, line, "account_id: is not 1, the account that it belongs to").await;
    }
}

async fn names_are_taken_once(house: House) {
    house.import(&small_house()).await;
    let new = form(8, ACCOUNT, vec![item("1", ItemType::Text, "Name")]);
    let theirs = form(9, AccountId(2), vec![]);
    for (form, says) in [
        (Form { shortname: "form_00000007".into(), ..new.clone() }, "shortname: form_00000007 is taken"),
        (Form { slug: "form-7".into(), ..new.clone() }, "slug: form-7 is taken"),
        (Form { directory: "form7".into(), ..new.clone() }, "directory: form7 is taken"),
        (Form { shortname: "form_00000007".into(), ..theirs.clone() }, "shortname: form_00000007 is taken"),
        (Form { slug: "form-7".into(), ..theirs.clone() }, "slug: form-7 is taken"),
    ] {
        refused(&house, form_line(&form).trim_end(), says).await;
    }
    let account = r#"{"kind":"account","id":3,"user_dir":"acme","name":"Another"}"#;
    refused(&house, account, "user_dir: acme is taken").await;
    // A directory is one of its account, and a form may keep its own names, or leave them to another.
    house.import(&form_line(&Form { directory: "form7".into(), ..theirs })).await;
    house.import(&form_line(&Form { name: "Other".into(), ..form(7, ACCOUNT, vec![]) })).await;
    house.import(&form_line(&Form { slug: "old".into(), ..form(7, ACCOUNT, vec![]) })).await;
    house.import(&form_line(&Form { slug: "form-7".into(), ..new })).await;
}

/// Or else a form could not be found by a name that another has in another way.
async fn a_slug_is_nobodys_shortname(house: House) {
    house.import(&small_house()).await;
    let new = form(8, ACCOUNT, vec![]);
    let says = "slug: form_00000007 is taken";
    refused(&house, form_line(&Form { slug: "form_00000007".into(), ..new.clone() }).trim_end(), says).await;
    house.import(&form_line(&Form { slug: "form_00000009".into(), ..new })).await;
    let third = form_line(&form(9, ACCOUNT, vec![]));
    refused(&house, third.trim_end(), "shortname: form_00000009 is taken").await;
}

async fn an_id_of_another_form_is_no_replacement(house: House) {
    house
        .import(&(small_house() + &form_line(&form(8, ACCOUNT, vec![item("1", ItemType::Text, "Name")]))))
        .await;
    let line = r#"{"kind":"submission","form_id":8,"id":5,"status":"Incomplete","date_update":"2026-04-01T00:00:00Z","answers":{}}"#;
    house.import(line).await;
    refused(
        &house,
        &line.replace(r#""form_id":8"#, r#""form_id":7"#),
        "id: is the id of a submission of form 8",
    )
    .await;
}
