//! What the console is made of, where no other surface needs it: histories, presentations, the audit log, people.

use crate::house::{House, SECRET};
use crate::samples::{FORM, small_house};
use fillhouse_engine::{
    COMPLETION_SECONDS, Condition, Edit, FormDays, LAST_ANSWERED, NOT_BEGUN, NewSegment, Operator,
    ProfileQuery, Query, ScheduleEdit, Spread, date_of,
};
use fillhouse_model::{
    AccountId, Answer, AudienceId, ErrorKind, Fault, FormId, ItemType, ResultsLabels, ResultsView, Status,
    SubmissionId,
};

on_both!(
    a_submission_is_told_as_it_was,
    a_summary_is_of_what_holds_to_the_conditions,
    a_submission_stays_on_the_day_on_which_it_was_finished,
    people_are_counted_who_made_any_choice,
    each_range_of_numbers_can_be_asked_for,
    presentations_are_stored_within_bounds,
    where_people_stopped_is_counted,
    what_is_done_is_written_down_in_order,
    profiles_are_counted_and_their_fills_found,
    views_labels_and_schedules_are_written_down,
    what_is_done_to_submissions_is_written_down_once_a_deed,
    what_operators_do_is_written_down,
    an_account_is_made_with_its_first_user_or_not_at_all,
);

/// The id of a new submission of [`FORM`] that answers this.
async fn submit(house: &House, name: &str) -> SubmissionId {
    let body = format!(r#"{{"answers":{{"1":"{name}"}}}}"#);
    let request = fillhouse_engine::Submit { form: &FORM, body: &body, idempotency_key: None };
    house.writer().await.submit(request).await.unwrap()[0]
}

async fn a_submission_is_told_as_it_was(house: House) {
    house.import(&small_house()).await;
    let id = submit(&house, "one").await;
    for name in ["two", "three"] {
        let answers = vec![("1".to_owned(), Answer::Text(name.into()))];
        house.writer().await.replace_submission(&FORM, id, Edit::Answers(&answers)).await.unwrap();
    }
    let history = house.reader().await.history(&FORM, id).await.unwrap();
    let names: Vec<_> =
        history.iter().map(|version| version.submission.answers[0].clone().unwrap()).collect();
    assert_eq!(names, ["two", "one"].map(|name| Answer::Text(name.into())));
    let other = house.reader().await.history(&FORM, SubmissionId(1)).await;
    assert!(other.is_err());
}

async fn a_summary_is_of_what_holds_to_the_conditions(house: House) {
    house.import(&small_house()).await;
    let reader = house.reader().await;
    let before = reader.summary(&FORM, &Query::default(), &days(&house).await).await.unwrap().total;
    for name in ["red", "green", "dark green"] {
        submit(&house, name).await;
    }
    let green = Query { any_text_contains: Some("GREEN".into()), ..Query::default() };
    let summary = reader.summary(&FORM, &green, &days(&house).await).await.unwrap();
    assert_eq!((summary.total, summary.finished, summary.days.values().sum::<u64>()), (2, 2, 2));
    let all = reader.summary(&FORM, &Query::default(), &days(&house).await).await.unwrap();
    assert_eq!(all.total, before + 3);
}

/// The days of [`FORM`].
async fn days(house: &House) -> FormDays {
    let form = house.reader().await.overview(&FORM).await.unwrap().form;
    FormDays::new(&form, &house.caller(SECRET).await.account().await.unwrap()).unwrap()
}

async fn a_submission_stays_on_the_day_on_which_it_was_finished(house: House) {
    let form = fillhouse_model::Form {
        timezone: Some("Asia/Tokyo".into()),
        ..crate::samples::form(7, AccountId(1), vec![crate::samples::item("1", ItemType::Text, "Name")])
    };
    house.import(&(crate::samples::people() + &crate::samples::form_line(&form))).await;
    let line = |id: i64, status: &str, dates: &str| {
        format!(
            r#"{{"kind":"submission","form_id":7,"id":{id},"status":"{status}",{dates},"answers":{{"1":"a"}}}}"#
        ) + "\n"
    };
    house
        .import_text(
            // The last instant of March in Tokyo, and the first of April.
            line(
                1,
                "Complete",
                r#""date_finish":"2026-03-31T14:59:59.999999Z","date_update":"2026-05-05T00:00:00Z""#,
            ) + &line(
                2,
                "Complete",
                r#""date_finish":"2026-03-31T15:00:00Z","date_update":"2026-05-05T00:00:00Z""#,
            ) + &line(3, "Incomplete", r#""date_update":"2026-04-01T00:00:00Z""#),
        )
        .await;
    let answers = vec![("1".to_owned(), Answer::Text("b".into()))];
    house.writer().await.replace_submission(&FORM, SubmissionId(2), Edit::Answers(&answers)).await.unwrap();
    let (reader, days) = (house.reader().await, days(&house).await);
    assert_eq!(days.zone_name(), "Asia/Tokyo");
    let counted = |counts: std::collections::BTreeMap<i64, u64>| -> Vec<(String, u64)> {
        counts.into_iter().map(|(day, count)| (date_of(day).unwrap().to_string(), count)).collect()
    };
    let all = reader.summary(&FORM, &Query::default(), &days).await.unwrap();
    let expected = [("2026-03-31".to_owned(), 1), ("2026-04-01".to_owned(), 2)];
    assert_eq!(counted(all.days), expected);
    assert_eq!(counted(reader.days(&FORM, &days).await.unwrap()), expected);
    let first = date_of(20_544).unwrap();
    assert_eq!(first.to_string(), "2026-04-01");
    let april = Query { dated: days.range(Some(first), None), ..Query::default() };
    let summary = reader.summary(&FORM, &april, &days).await.unwrap();
    assert_eq!((summary.total, summary.finished, counted(summary.days)), (2, 1, expected[1..].to_vec()));
    assert_eq!(reader.query(&FORM, april).await.unwrap().total, 2);
}

async fn people_are_counted_who_made_any_choice(house: House) {
    let pets = crate::samples::choice_item("1", ItemType::Checkbox, "Pets", &["Cat", "Dog"]);
    let form = crate::samples::form(7, AccountId(1), vec![pets]);
    house.import(&(crate::samples::people() + &crate::samples::form_line(&form))).await;
    for chosen in [r#"[{"position":0},{"position":1}]"#, r#"[{"position":1}]"#, "null"] {
        let body = format!(r#"{{"answers":{{"1":{chosen}}}}}"#);
        let request = fillhouse_engine::Submit { form: &FORM, body: &body, idempotency_key: None };
        house.writer().await.submit(request).await.unwrap();
    }
    let reader = house.reader().await;
    let summary = reader.summary(&FORM, &Query::default(), &days(&house).await).await.unwrap();
    assert_eq!(summary.total, 3);
    assert_eq!(summary.leaves, [("1".to_owned(), Spread::Choices { counts: vec![1, 2], answered: 2 })]);
}

async fn each_range_of_numbers_can_be_asked_for(house: House) {
    let price = crate::samples::item("1", ItemType::Number, "Price");
    let form = crate::samples::form(7, AccountId(1), vec![price]);
    house.import(&(crate::samples::people() + &crate::samples::form_line(&form))).await;
    // Tenths, which have no exact binary form, and whole seconds.
    let line = |n: i64| {
        format!(
            r#"{{"kind":"submission","form_id":7,"id":{},"status":"Complete","date_start":"2026-04-01T10:00:00Z","date_finish":"2026-04-01T10:{:02}:{:02}Z","date_update":"2026-05-01T10:00:00Z","answers":{{"1":"{}.{}"}}}}"#,
            n + 1,
            n / 2,
            n % 2 * 30,
            n / 10,
            n % 10
        ) + "\n"
    };
    house.import_text((0..=85).map(line).collect()).await;
    let (reader, days) = (house.reader().await, days(&house).await);
    let summary = reader.summary(&FORM, &Query::default(), &days).await.unwrap();
    let Spread::Numbers { begins, most, bars } = &summary.leaves[0].1 else { panic!("{summary:?}") };
    assert_eq!((begins.len(), begins[0].to_string(), most.to_string()), (12, "0".into(), "8.5".into()));
    let ask = async |column: &str, begin: Option<String>, end: Option<String>| {
        let bounds = [(Operator::AtLeast, begin), (Operator::LessThan, end)];
        let condition = |(operator, value)| {
            let named = String::new();
            Some(Condition { column: column.to_owned(), operator, value: value?, named })
        };
        let conditions = bounds.into_iter().filter_map(condition).collect();
        reader.query(&FORM, Query { conditions, ..Query::default() }).await.map(|page| page.total)
    };
    for (n, count) in bars.iter().enumerate() {
        let (begin, end) = (begins[n].to_string(), begins.get(n + 1).map(f64::to_string));
        assert_eq!(ask("1", Some(begin), end).await.unwrap(), *count, "{n}");
    }
    assert_eq!(bars.iter().sum::<u64>(), 86);
    for (n, count) in summary.took.iter().enumerate() {
        let bound = |n: usize| fillhouse_engine::TOOK_SECONDS.get(n).map(i64::to_string);
        let begin = n.checked_sub(1).and_then(bound);
        assert_eq!(
            ask(COMPLETION_SECONDS, begin.or(Some("0".into())), bound(n)).await.unwrap(),
            *count,
            "{n}"
        );
    }
    assert_eq!(summary.took.iter().sum::<u64>(), 86);
    for (column, value) in
        [("1", "many"), ("1", ""), ("2", "1"), (COMPLETION_SECONDS, "-1"), (COMPLETION_SECONDS, "1.5")]
    {
        assert!(ask(column, Some(value.into()), None).await.is_err(), "{column} {value}");
    }
}

async fn where_people_stopped_is_counted(house: House) {
    let items = vec![
        crate::samples::item("1", ItemType::Text, "First"),
        crate::samples::item("2", ItemType::Text, "Second"),
        crate::samples::item("3", ItemType::Text, "Third"),
    ];
    let form = crate::samples::form(7, AccountId(1), items);
    house.import(&(crate::samples::people() + &crate::samples::form_line(&form))).await;
    for body in [
        r#"{"answers":{},"status":"Incomplete"}"#,
        r#"{"answers":{"1":"a"},"status":"Incomplete"}"#,
        r#"{"answers":{"1":"a","2":"b"},"status":"Incomplete"}"#,
        r#"{"answers":{"2":"b"},"status":"Incomplete"}"#,
        r#"{"answers":{"1":"a","2":"b","3":"c"}}"#,
    ] {
        let request = fillhouse_engine::Submit { form: &FORM, body, idempotency_key: None };
        house.writer().await.submit(request).await.unwrap();
    }
    let reader = house.reader().await;
    let left = reader.left_at(&FORM, &Query::default()).await.unwrap();
    let leaf = |id: &str, count| (id.to_owned(), count);
    assert_eq!((left.looked_at, left.before_any), (4, 1));
    assert_eq!(left.leaves, [leaf("1", 1), leaf("2", 2), leaf("3", 0)]);
    let some = Query { any_text_contains: Some("a".into()), ..Query::default() };
    assert_eq!(reader.left_at(&FORM, &some).await.unwrap().looked_at, 2);
    let stopped_at = async |value: &str| {
        let (column, operator) = (LAST_ANSWERED.to_owned(), Operator::Equals);
        let condition = Condition { column, operator, value: value.to_owned(), named: "at".into() };
        let status = Some(Status::Incomplete);
        let query = Query { conditions: vec![condition], status, ..Query::default() };
        reader.query(&FORM, query).await.map(|page| page.total)
    };
    for (id, count) in &left.leaves {
        assert_eq!(stopped_at(id).await.unwrap(), *count, "{id}");
    }
    assert_eq!(stopped_at(NOT_BEGUN).await.unwrap(), left.before_any);
    assert_eq!(stopped_at("9").await.unwrap_err().faults()[0].field, "at");
    // What comes last is said by the form as it is now.
    let mut turned = reader.overview(&FORM).await.unwrap().form.as_ref().clone();
    turned.items.swap(0, 2);
    house.import(&crate::samples::form_line(&turned)).await;
    assert_eq!((stopped_at("1").await.unwrap(), stopped_at("3").await.unwrap()), (2, 0));
}

async fn presentations_are_stored_within_bounds(house: House) {
    house.import(&small_house()).await;
    let (reader, writer) = (house.reader().await, house.writer().await);
    let form_id = reader.form_id(&FORM).await.unwrap();
    let view = |id: &str, columns: &[&str]| ResultsView {
        form_id: FormId(1),
        id: id.into(),
        name: "A view".into(),
        columns: columns.iter().map(|&column| column.into()).collect(),
    };
    writer.put_view(&FORM, view("v", &["id", "1"])).await.unwrap();
    let refused = writer.put_view(&FORM, view("w", &["id", "nothing"])).await.unwrap_err();
    assert_eq!(refused.faults(), [Fault::new("columns[1]", "is no column of the form")]);
    let labels =
        ResultsLabels { form_id, id: "l".into(), name: "L".into(), labels: vec![("1".into(), "Who".into())] };
    writer.put_labels(&FORM, labels.clone()).await.unwrap();
    let there = reader.presentations(&FORM).await.unwrap();
    assert_eq!((there.views[0].form_id, there.views.len(), &there.labels[0]), (form_id, 1, &labels));
    writer.delete_view(&FORM, "v").await.unwrap();
    writer.delete_labels(&FORM, "l").await.unwrap();
    assert!(writer.delete_view(&FORM, "v").await.is_err() && writer.delete_labels(&FORM, "l").await.is_err());
    for n in 0..100 {
        writer.put_view(&FORM, view(&format!("v{n}"), &["id"])).await.unwrap();
    }
    let one_more = writer.put_view(&FORM, view("more", &["id"])).await.unwrap_err();
    assert_eq!(one_more.message(), "id: would be one of more than 100");
    writer.put_view(&FORM, view("v7", &["1"])).await.unwrap();
}

async fn what_is_done_is_written_down_in_order(house: House) {
    house.import(&small_house()).await;
    let caller = house.caller(SECRET).await;
    assert!(caller.audit_log(None, 10).await.unwrap().is_empty());
    let id = submit(&house, "one").await;
    house.writer().await.delete_submission(&FORM, id).await.unwrap();
    let secret = caller.token_keeper().unwrap().create("T", &["forms-read".into()]).await.unwrap();
    caller.workspace_writer().unwrap().set_timezone("Asia/Tokyo").await.unwrap();
    assert_eq!(
        caller.workspace_writer().unwrap().rename("Renamed").await.unwrap().account.timezone,
        "Asia/Tokyo"
    );
    let entries = caller.audit_log(None, 10).await.unwrap();
    let said: Vec<_> = entries.iter().map(|entry| (entry.what.as_str(), entry.subject.as_str())).collect();
    assert_eq!(said.len(), 4, "{said:?}");
    assert_eq!(said[0].0, "account.changed");
    assert_eq!((said[2].0, said[3].0), ("token.created", "submission.deleted"));
    assert!(entries.iter().all(|entry| !secret.contains(&entry.subject)), "{said:?}");
    let older = caller.audit_log(Some(entries[1].number), 1).await.unwrap();
    assert_eq!(older, entries[2..3]);
    // Who may not do everything is told nothing.
    assert!(house.caller(&secret).await.audit_log(None, 10).await.is_err());
    let dates = caller.token_keeper().unwrap().dates().await.unwrap();
    assert_eq!(dates.values().filter(|dates| dates.created_at.is_some()).count(), 1);
    assert_eq!(dates.values().filter(|dates| dates.used_at.is_some()).count(), 2);
}

async fn views_labels_and_schedules_are_written_down(house: House) {
    house.import(&small_house()).await;
    let (caller, writer) = (house.caller(SECRET).await, house.writer().await);
    let view =
        ResultsView { form_id: FormId(1), id: "v".into(), name: "V".into(), columns: vec!["1".into()] };
    let labels = |labels| ResultsLabels { form_id: FormId(1), id: "l".into(), name: "L".into(), labels };
    writer.put_view(&FORM, view).await.unwrap();
    writer.put_labels(&FORM, labels(vec![("1".into(), "One".into())])).await.unwrap();
    assert!(writer.put_labels(&FORM, labels(vec![("none".into(), "One".into())])).await.is_err());
    writer.delete_view(&FORM, "v").await.unwrap();
    assert!(writer.delete_view(&FORM, "v").await.is_err());
    writer.delete_labels(&FORM, "l").await.unwrap();

    let schedules = caller.schedules().unwrap();
    let made = schedules.create(crate::schedules::hourly()).await.unwrap();
    let edit = ScheduleEdit { name: Some("Other".into()), ..ScheduleEdit::default() };
    schedules.change(&made.id, edit).await.unwrap();
    schedules.delete(&made.id).await.unwrap();
    assert!(schedules.delete(&made.id).await.is_err());

    let entries = caller.audit_log(None, 20).await.unwrap();
    let said: Vec<_> = entries.iter().map(|entry| format!("{}: {}", entry.what, entry.subject)).collect();
    let schedule = format!("schedule {} of form {}", made.id, made.form_id);
    assert_eq!(
        said,
        [
            format!("schedule.deleted: {schedule}: Other"),
            format!("schedule.changed: {schedule}: Other"),
            format!("schedule.created: {schedule}: {}", made.name),
            format!("labels.deleted: labels l of form {}", made.form_id),
            format!("view.deleted: view v of form {}", made.form_id),
            format!("labels.stored: labels l of form {}", made.form_id),
            format!("view.stored: view v of form {}", made.form_id),
        ]
    );
}

async fn profiles_are_counted_and_their_fills_found(house: House) {
    house.import(&small_house()).await;
    let lines = r#"{"kind":"audience","id":9,"account_id":1,"name":"All","fields":[{"name":"age","type":"int"}]}
{"kind":"profile","audience_id":9,"id":"000000000000000000000001","email":"a@b.example","fields":{"age":30}}
{"kind":"profile","audience_id":9,"id":"000000000000000000000002","fields":{"age":40}}
"#;
    house.import(lines).await;
    let caller = house.caller(SECRET).await;
    let (reader, audience) = (caller.profiles_reader().unwrap(), AudienceId(9));
    let older = || Some(ProfileQuery::typed(r#"{"age":{"$gt":35}}"#));
    assert_eq!(reader.count(audience, None).await.unwrap(), 2);
    assert_eq!(reader.count(audience, older()).await.unwrap(), 1);
    let writer = caller.profiles_writer().unwrap();
    let new = |query| NewSegment { audience_id: audience, name: "S".into(), query };
    let (fixed, queried) =
        (writer.add_segment(new(None)).await.unwrap(), writer.add_segment(new(older())).await.unwrap());
    let overview = reader.audience_overview(audience).await.unwrap();
    let name = || "S".to_owned();
    assert_eq!(overview.segments, [(fixed, name(), true), (queried, name(), false)]);
    let profile = "000000000000000000000001".parse().unwrap();
    writer.set_member((audience, fixed), profile, true).await.unwrap();
    assert_eq!(reader.members(fixed, 0, 10).await.unwrap().len(), 1);
    assert!(reader.members(fixed, 1, 10).await.unwrap().is_empty());
    assert!(reader.members(queried, 0, 10).await.is_err());
    let found = reader.members(fixed, 0, 1).await.unwrap();
    assert!(house.reader().await.fills_of_profile(&found[0], 5).await.unwrap().is_empty());
}

/// What an account's log says, in order.
async fn said(house: &House) -> Vec<(String, String, String)> {
    let entries = house.caller(SECRET).await.audit_log(None, 100).await.unwrap();
    let said = entries.into_iter().rev().map(|entry| (entry.actor, entry.what, entry.subject));
    said.collect()
}

async fn what_is_done_to_submissions_is_written_down_once_a_deed(house: House) {
    house.import(&small_house()).await;
    // What comes in is none of the log's, nor is what goes on with it.
    let id = submit(&house, "one").await;
    assert_eq!(said(&house).await, []);
    let answers = vec![("1".to_owned(), Answer::Text("two".into()))];
    house.writer().await.replace_submission(&FORM, id, Edit::Answers(&answers)).await.unwrap();
    let refused = vec![("none".to_owned(), Answer::Text("two".into()))];
    assert!(house.writer().await.replace_submission(&FORM, id, Edit::Answers(&refused)).await.is_err());
    let lines = |name: &str| {
        let line = |n: i64| {
            format!(
                r#"{{"kind":"submission","form_id":7,"id":{n},"status":"Complete","date_finish":"2026-04-01T10:00:00Z","date_update":"2026-04-01T10:00:00Z","answers":{{"1":"{name}"}}}}"#
            )
        };
        // More than a transaction has.
        (1..=2_500).map(|n| line(n) + "\n").collect::<String>()
    };
    house.import_text(lines("a")).await;
    house.import_text(lines("a")).await;
    house.import_text(lines("a").replacen("\"a\"", "\"b\"", 2)).await;
    let said = said(&house).await;
    let said: Vec<_> = said.iter().map(|(_, what, subject)| (what.as_str(), subject.as_str())).collect();
    let changed = format!("submission {id} of form 7");
    let expected = [
        ("submission.changed", changed.as_str()),
        ("submissions.imported", "form 7: 2500 new, 0 in place of what was there"),
        ("submissions.imported", "form 7: 0 new, 2 in place of what was there"),
    ];
    assert_eq!(said, expected);
}

async fn an_account_is_made_with_its_first_user_or_not_at_all(house: House) {
    let new = fillhouse_engine::NewAccount {
        user_dir: "acme".into(),
        name: "Acme".into(),
        timezone: "Europe/Berlin".into(),
        email: "ada@acme.example".into(),
    };
    let link = house.engine.first_account_link().await.unwrap().unwrap();
    let key = link.split_once("key=").unwrap().1.to_owned();
    let made = house.engine.create_account(new.clone()).await.unwrap();
    assert_eq!((made.id, made.user_dir.as_str()), (AccountId(1), "acme"));
    assert!(house.engine.sign_in_link(made.id).await.is_ok(), "it has a user");
    let late = house.engine.make_first_account(&key, new.clone()).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Unauthenticated);
    let taken = house.engine.create_account(new.clone()).await.unwrap_err();
    assert_eq!(taken.faults()[0].to_string(), "user_dir: is another account's");
    let wrong = fillhouse_engine::NewAccount {
        user_dir: "a/b".into(),
        name: " ".into(),
        timezone: "Mars".into(),
        email: "@".into(),
    };
    let wrong = house.engine.create_account(wrong).await.unwrap_err();
    let fields: Vec<&str> = wrong.faults().iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["name", "user_dir", "email", "timezone"]);

    let second = fillhouse_engine::NewAccount { user_dir: "globex".into(), ..new };
    assert_eq!(house.engine.create_account(second).await.unwrap().id, AccountId(2));
    let names: Vec<String> =
        house.engine.accounts().await.unwrap().into_iter().map(|known| known.user_dir).collect();
    assert_eq!(names, ["acme", "globex"]);
    assert_eq!((house.count("users").await, house.count("audit").await), (2, 2));
}

async fn what_operators_do_is_written_down(house: House) {
    house.import(&small_house()).await;
    let new = fillhouse_engine::NewToken {
        account_id: AccountId(1),
        user_id: None,
        name: "ci".into(),
        abilities: vec!["forms-read".into()],
    };
    let secret = house.engine.create_token(new).await.unwrap().secret;
    let shown = house.engine.list_tokens().await.unwrap().pop().unwrap();
    house.engine.revoke_token(&shown.prefix).await.unwrap();
    let said = said(&house).await;
    let name = format!("token ci ({})", shown.prefix);
    let entry = |what: &str, subject: String| ("command line".to_owned(), what.to_owned(), subject);
    let expected =
        [entry("token.created", format!("{name}, may forms-read")), entry("token.revoked", name.clone())];
    assert_eq!(said, expected);
    assert!(said.iter().all(|(.., subject)| !subject.contains(&secret)));
}
