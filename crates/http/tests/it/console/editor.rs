//! The editor of forms in the console.

use super::Visitor;
use crate::house::{ALL, House};

const EDIT: &str = "/console/forms/1/edit";

/// What a page's editor would send, without a button.
pub(super) fn sent(page: &str) -> String {
    sent_by(page, "id=\"editor\"")
}

/// What the form with this in its tag would send, without a button.
pub(super) fn sent_by(page: &str, mark: &str) -> String {
    let editor = page.split(mark).nth(1).unwrap().split("</form>").next().unwrap();
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let text = |text: &str| {
        text.replace("&#34;", "\"").replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">")
    };
    let value =
        |tag: &str, name: &str| Some(text(tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?));
    for (place, _) in editor.match_indices('<') {
        let rest = &editor[place..];
        let tag = rest.split('>').next().unwrap();
        let Some(name) = value(tag, "name") else { continue };
        if tag.starts_with("<input") {
            if !tag.contains("checkbox") || tag.ends_with(" checked") {
                pairs.append_pair(&name, &value(tag, "value").unwrap());
            }
        } else if tag.starts_with("<textarea") {
            let inner = rest.split_once(">\n").unwrap().1.split("</textarea>").next().unwrap();
            pairs.append_pair(&name, &text(inner));
        } else if tag.starts_with("<select") {
            let menu = rest.split("</select>").next().unwrap();
            let chosen = menu.split("<option").find(|option| option.contains("\" selected>"));
            let chosen = chosen.or_else(|| menu.split("<option").nth(1)).unwrap();
            pairs.append_pair(&name, &value(chosen, "value").unwrap());
        }
    }
    pairs.finish()
}

/// Changes a field of what is sent.
pub(super) fn with(body: &str, name: &str, value: &str) -> String {
    let mut is_there = false;
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (known, old) in form_urlencoded::parse(body.as_bytes()) {
        is_there |= known == name;
        pairs.append_pair(&known, if known == name { value } else { &old });
    }
    assert!(is_there, "there is no {name} in {body}");
    pairs.finish()
}

#[tokio::test]
async fn the_editor_says_where_the_page_is_and_what_shows_it_elsewhere() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(EDIT).await;
    for part in [
        "<a href=\"https://forms.example/f/acme/survey\">",
        "&#60;iframe src=&#34;https://forms.example/f/acme/survey?embed=1&#34;",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    assert!(!visitor.get("/console/new-form").await.text().contains("iframe"));
}

#[tokio::test]
async fn a_question_to_choose_at_needs_something_to_choose() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = "/console/new-form";
    let body = with(&sent(visitor.get(path).await.text()), "new_kind", "radio");
    let body = sent(visitor.post(path, &format!("{body}&do=add")).await.text());
    let body = with(&with(&body, "name", "New"), "item.0.label", "Colour");
    let refused = visitor.post(path, &format!("{}&do=save", with(&body, "item.0.choice", ""))).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("there is nothing to choose"), "{}", refused.text());
    let made = visitor.post(path, &format!("{}&do=save", with(&body, "item.0.choice", "Red"))).await;
    assert_eq!(made.status, 303, "{}", made.text());
}

async fn items(house: &House, form: i64) -> serde_json::Value {
    house.get(&format!("/open/forms/{form}")).token(ALL).await.json()["properties"].take()
}

#[tokio::test]
async fn a_form_is_made_step_by_step() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = "/console/new-form";
    let page = visitor.get(path).await;
    let mut body = sent(page.text());
    for kind in ["text", "checkbox", "matrix_choice"] {
        let page = visitor.post(path, &with(&body, "new_kind", kind)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let page = visitor.post(path, &format!("{}&do=add", with(&body, "new_kind", kind))).await;
        body = sent(page.text());
    }
    // The group came with a row, and the row with a choice.
    for (name, value) in [
        ("name", "Fresh & <new>"),
        ("description", "About\r\nthis."),
        ("item.0.label", "Name"),
        ("item.0.matches", "email"),
        ("item.1.label", "Colours"),
        ("item.1.choice", "Red"),
        ("item.2.label", "Table"),
        ("item.3.label", "Row"),
        ("item.3.choice", "Yes"),
    ] {
        body = with(&body, name, value);
    }
    let page = visitor.post(path, &format!("{body}&item.0.required=yes&do=choice:1")).await;
    body = format!("{}&do=save", sent(page.text()));
    let made = visitor.post(path, &body).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let form: i64 = made.header("location").rsplit('/').next().unwrap().parse().unwrap();
    let caller = house.engine.caller(ALL).await.unwrap();
    let reader = caller.forms_reader().unwrap();
    let overview =
        reader.overview(&fillhouse_engine::FormRef::Id(fillhouse_model::FormId(form))).await.unwrap();
    let form = &overview.form;
    assert_eq!((form.name.as_str(), form.description.as_deref()), ("Fresh & <new>", Some("About\nthis.")));
    let shown: Vec<_> =
        form.items.iter().map(|item| (item.id.as_str(), item.label.as_str(), item.choices.len())).collect();
    assert_eq!(shown, [("100", "Name", 0), ("101", "Colours", 1), ("102", "Table", 0)]);
    assert!(form.items[0].required && form.items[0].matches == Some(fillhouse_model::Matches::Email));
    assert_eq!(form.items[2].children[0].choices[0].label, "Yes");
}

#[tokio::test]
async fn a_form_is_changed_and_keeps_what_it_holds() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(EDIT).await;
    let body = sent(page.text());
    // Saved as it is, it is as it was.
    let before = items(&house, 1).await;
    assert_eq!(visitor.post(EDIT, &format!("{body}&do=save")).await.status, 303);
    assert_eq!(items(&house, 1).await, before);

    let page = visitor.post(EDIT, &format!("{body}&do=up:2")).await;
    let page = visitor.post(EDIT, &format!("{}&do=choice-up:2:1", sent(page.text()))).await;
    let page = visitor.post(EDIT, &format!("{}&do=remove:0", sent(page.text()))).await;
    let body = with(&sent(page.text()), "state", "closed (manually)");
    let body = with(&body, "item.0.label", "How many stars");
    let saved = visitor.post(EDIT, &format!("{body}&do=save")).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, "/console/forms/1"));
    let form = house.get("/api/v2/acme/forms/survey").token(ALL).await.json();
    assert_eq!(form["forms"][0]["state"], "closed (manually)", "{form}");
    let of_form = house.get("/api/v2/acme/forms/survey/items").token(ALL).await.json();
    let labels: Vec<_> = of_form["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["question"].as_str().unwrap_or("?").to_owned())
        .collect();
    assert_eq!(labels.len(), 2, "{of_form}");
    // The answer to what was removed is still stored, and the choice is still the one that was made.
    let table = visitor.get("/console/forms/1/submissions/10000001").await;
    assert!(
        table.text().contains("Other: a poster") && !table.text().contains("the first"),
        "{}",
        table.text()
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_item() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let body = sent(visitor.get(EDIT).await.text());
    for (name, value, said) in [
        ("name", " ", "<p class=\"fault\" id=\"e-name\">Is not 1 to 255 characters long."),
        ("item.1.label", "", "<p class=\"fault\" id=\"e-1\">Label: is empty."),
        ("item.2.kind", "list", "<p class=\"fault\" id=\"e-2\">Children: are missing."),
        ("item.0.kind", "poem", "<p class=\"fault\" id=\"e-0\">Kind: is no type of items."),
        ("item.0.matches", "field", "<p class=\"fault\" id=\"e-0\">Matches: names no field."),
        ("item.0.id", "x", "<p class=\"fault\" id=\"e-0\">Id: is not made of digits"),
        ("item.1.id", "100", "Id: 100 is used twice in the form."),
        ("state", "ajar", "<p class=\"fault\" id=\"e-state\">Is none that there is."),
    ] {
        let page = visitor.post(EDIT, &format!("{}&do=save", with(&body, name, value))).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.text().contains(said), "{name}: {}", page.text());
    }
    let text = visitor.get("/").await.text().to_owned();
    assert!(text.contains("Customer survey"), "{text}");
}

#[tokio::test]
async fn who_changed_a_form_meanwhile_is_not_overruled_unasked() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let body = sent(visitor.get(EDIT).await.text());
    assert_eq!(visitor.post(EDIT, &format!("{}&do=save", with(&body, "name", "Theirs"))).await.status, 303);
    let refused = visitor.post(EDIT, &format!("{}&do=save", with(&body, "name", "Ours"))).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text().contains("Somebody else has changed the form")
            && refused.text().contains("value=\"Ours\"")
    );
    assert!(visitor.get("/").await.text().contains("Theirs"));
    let again = visitor.post(EDIT, &format!("{}&do=save", sent(refused.text()))).await;
    assert_eq!(again.status, 303);
    assert!(visitor.get("/").await.text().contains("Ours"));
}

#[tokio::test]
async fn a_form_is_deleted_by_its_name_and_by_nobody_else() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let stranger = Visitor::of(&house, 20003).await;
    for path in [EDIT, "/console/forms/1/delete"] {
        assert_eq!(stranger.post(path, "confirm=Customer+survey&do=save").await.status, 404, "{path}");
    }
    assert_eq!(stranger.get(EDIT).await.status, 404);
    let refused = visitor.post("/console/forms/1/delete", "confirm=survey").await;
    assert!(
        refused.status == 422 && refused.text().contains("Is not the name of the form."),
        "{}",
        refused.text()
    );
    let deleted = visitor.post("/console/forms/1/delete", "confirm=Customer+survey").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("location")), (303, "/"));
    assert_eq!(visitor.get(EDIT).await.status, 404);
}
