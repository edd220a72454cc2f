//! Views and labels in the console.

use super::Visitor;
use crate::house::{ALL, House};

const VIEWS: &str = "/console/forms/1/views";

#[tokio::test]
async fn a_view_is_made_shown_changed_and_deleted() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let made = visitor.post(&format!("{VIEWS}/view"), "id=short&name=In+short&column=id&column=100").await;
    assert_eq!((made.status.as_u16(), made.header("location")), (303, VIEWS), "{}", made.text());
    let results = "/api/v2/acme/forms/survey/results?results_view=short&limit=1";
    let one = house.get(results).token(ALL).await.json()["results"][0].take();
    assert_eq!((one["items"].as_array().unwrap().len(), one["date_update"].is_null()), (1, true), "{one}");
    let table = visitor.get("/console/forms/1").await;
    assert!(table.text().contains("<a href=\"?column=id&#38;column=100\">In short</a>"), "{}", table.text());
    for (body, said) in [
        ("id=a+b&name=x&column=id", "Id: is not 1 to 60 letters"),
        ("id=a&name=&column=id", "Name: is not 1 to 255 characters long."),
        ("id=a&name=x", "Columns: are none."),
        ("id=a&name=x&column=id&column=999", "Column 2: is no column of the form."),
    ] {
        let refused = visitor.post(&format!("{VIEWS}/view"), body).await;
        assert!(refused.status == 422 && refused.text().contains(said), "{body}: {}", refused.text());
    }
    visitor.post(&format!("{VIEWS}/view"), "id=short&name=Shorter&column=id").await;
    let page = visitor.get(VIEWS).await;
    assert!(
        page.text().contains("Shorter <code>short</code>") && !page.text().contains("In short"),
        "{}",
        page.text()
    );
    assert_eq!(visitor.post(&format!("{VIEWS}/view/delete"), "id=short").await.status, 303);
    assert_eq!(visitor.post(&format!("{VIEWS}/view/delete"), "id=short").await.status, 404);
    assert_eq!(house.get(results).token(ALL).await.status, 422);
}

#[tokio::test]
async fn labels_take_the_place_of_questions() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let made = visitor.post(&format!("{VIEWS}/labels"), "id=de&name=German&label.100=Wer&label.101=").await;
    assert_eq!(made.status, 303, "{}", made.text());
    let items = house.get("/api/v2/acme/forms/survey/items?results_labels=de").token(ALL).await;
    assert!(items.text().contains("\"Wer\"") && items.text().contains("\"Source\""), "{}", items.text());
    let refused = visitor.post(&format!("{VIEWS}/labels"), "id=de&name=German&label.999=Wer").await;
    assert!(
        refused.status == 422 && refused.text().contains("Labels, 999: is of no item of the form."),
        "{}",
        refused.text()
    );
    let stranger = Visitor::of(&house, 20003).await;
    assert_eq!(stranger.get(VIEWS).await.status, 404);
    for path in ["labels", "view", "labels/delete", "view/delete"] {
        assert_eq!(
            stranger.post(&format!("{VIEWS}/{path}"), "id=de&name=x&column=id").await.status,
            404,
            "{path}"
        );
    }
    assert_eq!(visitor.post(&format!("{VIEWS}/labels/delete"), "id=de").await.status, 303);
    assert!(!visitor.get(VIEWS).await.text().contains("German"));
}
