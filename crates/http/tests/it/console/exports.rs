//! Exports in the console.

use super::Visitor;
use crate::house::House;
use std::time::Duration;

#[tokio::test]
async fn a_form_is_exported_and_downloaded() {
    let house = House::new().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (format, wanted) in [("csv", "application/zip"), ("json", "application/zip")] {
        let started = visitor.post("/console/forms/1/exports", &format!("format={format}")).await;
        assert_eq!(started.status, 303, "{}", started.text());
        let path = started.header("location").to_owned();
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        let finished = async {
            while visitor.get(&path).await.text().contains("data-again") {
                looks.tick().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), finished).await.expect("it is finished in time");
        let page = visitor.get(&path).await;
        assert!(
            page.text().contains("4 submissions, ") && page.text().contains("value=\"100\""),
            "{}",
            page.text()
        );
        let file = visitor.get(&format!("{path}/file")).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, wanted));
        assert!(file.header("content-disposition").starts_with("attachment"));
        // It is of form 1.
        let elsewhere = path.replace("/forms/1/", "/forms/2/");
        assert_eq!(visitor.get(&elsewhere).await.status, 404);
        assert_eq!(house.get(&format!("{path}/file")).await.status, 401);
    }
}
