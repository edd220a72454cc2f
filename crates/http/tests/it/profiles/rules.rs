//! Segments that are made of rules, and filters that are spelled in XML.

use super::house;
use super::siblings::ask;
use crate::house::House;

/// How many are in a segment that is made of this.
async fn count(house: &House, body: &str) -> i64 {
    let added = ask(house, "segments/add", body).await;
    let id: String = added
        .split("id")
        .nth(1)
        .unwrap()
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    let shown = ask(house, "segments/get", &format!(r#"{{"id":{id}}}"#)).await;
    let shown: serde_json::Value = serde_json::from_str(shown.strip_prefix("200 ").unwrap()).unwrap();
    shown["data"]["count"].as_i64().unwrap()
}

fn of(queries: &str) -> String {
    format!(
        r#"{{"name":"x","list_id":1,"is_static":false,"segment":[{{"condition":"and","limit":0,"list_id":1,"percent_from":0,"percent_to":100,"queries":{queries}}}]}}"#
    )
}

fn rule(name: &str, operator: &str, values: &str, compo: &str) -> String {
    format!(
        r#"{{"name":"{name}","type":"field","compo":"{compo}","operator":"{operator}","value":{values},"child":[]}}"#
    )
}

#[tokio::test]
async fn rules_mean_what_filters_mean() {
    let house = house().await;
    let everyone = count(&house, r#"{"name":"x","list_id":1,"query":{}}"#).await;
    for (rules, filter) in [
        (
            vec![rule("occupation", "eq", r#"[{"name":"","value":"doctor"}]"#, "and")],
            r#"{"occupation":"doctor"}"#,
        ),
        (vec![rule("occupation", "ne", r#"["doctor"]"#, "")], r#"{"occupation":{"$ne":"doctor"}}"#),
        (vec![rule("age", "gt", r#"[{"value":36}]"#, "")], r#"{"age":{"$gt":36}}"#),
        (vec![rule("age", "exists", "[]", "")], r#"{"age":{"$exists":true}}"#),
        (
            vec![rule("age", "lte", "[36]", ""), rule("occupation", "eq", r#"["doctor"]"#, "or")],
            r#"{"$or":[{"age":{"$lte":36}},{"occupation":"doctor"}]}"#,
        ),
        (
            vec![rule("age", "lte", "[36]", ""), rule("occupation", "eq", r#"["doctor"]"#, "and")],
            r#"{"age":{"$lte":36},"occupation":"doctor"}"#,
        ),
        (
            vec![format!(
                r#"{{"name":"occupation","operator":"eq","value":["doctor","poet"],"child":[{},{}]}}"#,
                rule("age", "eq", "[36]", ""),
                rule("age", "gt", "[40]", "or")
            )],
            r#"{"occupation":{"$in":["doctor","poet"]},"$or":[{"age":36},{"age":{"$gt":40}}]}"#,
        ),
    ] {
        let queries = format!("[{}]", rules.join(","));
        let by_filter = count(&house, &format!(r#"{{"name":"y","list_id":1,"query":{filter}}}"#)).await;
        assert_eq!(count(&house, &of(&queries)).await, by_filter, "{filter}");
        assert!(by_filter <= everyone);
    }
}

#[tokio::test]
async fn what_is_spelled_in_xml_is_compared_as_what_the_field_holds() {
    let house = house().await;
    let old = count(&house, r#"{"name":"x","list_id":1,"query":{"age":{"$gt":36}}}"#).await;
    let exactly = count(&house, r#"{"name":"x","list_id":1,"query":{"age":36}}"#).await;
    assert!(old > 0 && exactly > 0);
    let add = |inner: &str| format!("<xml><name>x</name><list_id>1</list_id>{inner}</xml>");
    assert_eq!(count(&house, &add("<query><age>36</age></query>")).await, exactly);
    let rule = "<segment><list_id>1</list_id><queries><name>age</name><operator>gt</operator><value><name/><value>36</value></value><child/></queries></segment>";
    assert_eq!(count(&house, &add(rule)).await, old);
}

#[tokio::test]
async fn what_is_no_filter_is_refused_by_its_place() {
    let house = house().await;
    let set = |inner: &str| format!(r#"{{"name":"x","list_id":1,"segment":[{inner}]}}"#);
    let fine = rule("age", "eq", "[36]", "and");
    for (body, text) in [
        (set("{}"), "segment[0].queries: is missing"),
        (set(r#"{"queries":[]}"#), "segment[0].queries: has no rules"),
        (
            set(&format!(r#"{{"queries":[{fine}],"limit":10}}"#)),
            "segment[0].limit: cannot be taken into account here",
        ),
        (
            set(&format!(r#"{{"queries":[{fine}],"percent_to":50}}"#)),
            "segment[0].percent_to: cannot be taken into account here",
        ),
        (
            set(&format!(r#"{{"queries":[{fine}],"list_id":2}}"#)),
            "segment[0].list_id: cannot be taken into account here",
        ),
        (
            set(&format!(r#"{{"queries":[{fine}],"mood":"good"}}"#)),
            "segment[0].mood: cannot be taken into account here",
        ),
        (
            of(&format!("[{fine},{}]", rule("age", "like", "[36]", "and"))),
            "segment[0].queries[1].operator: is none of eq, ne, gt, gte, lt, lte, in, nin, exists and not_exists",
        ),
        (
            of(&format!("[{}]", rule("age", "gt", "[1,2]", ""))),
            "segment[0].queries[0].value: has not as many values as the operator takes",
        ),
        (
            of(&format!("[{fine},{}]", rule("age", "eq", "[36]", "xor"))),
            "segment[0].queries[1].compo: is neither and nor or",
        ),
        (
            of(&format!("[{fine},{fine},{}]", rule("age", "eq", "[36]", "or"))),
            "segment[0].queries[2].compo: is another word than before: put such rules below one",
        ),
        (
            of(r#"[{"type":"action","name":"opened"}]"#),
            "segment[0].queries[0].type: is of rules that are about no field, which there are none of here",
        ),
        (of(r#"[{"operator":"eq"}]"#), "segment[0].queries[0].name: is missing"),
        (of("[5]"), "segment[0].queries[0]: is not an object"),
        (
            format!(r#"{{"name":"x","list_id":1,"query":{{}},"segment":[{{"queries":[{fine}]}}]}}"#),
            "query: is given beside segment",
        ),
    ] {
        let refused = format!(r#"400 {{"error":400,"error_text":"{text}"}}"#);
        assert_eq!(ask(&house, "segments/add", &body).await, refused, "{body}");
    }
}
