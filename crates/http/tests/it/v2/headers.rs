//! Headers as the clients in the field send them, and the body that has no word of its own for a lost connection: JSON.

use crate::house::{House, READ};

const FORM: &str = "/api/v2/acme/forms/survey";

#[tokio::test]
async fn a_token_comes_in_any_case_beside_headers_that_mean_nothing() {
    let house = House::idle().await;
    for path in ["/api/v2/acme/forms", FORM, &format!("{FORM}/items"), &format!("{FORM}/results?&page=1")] {
        let whole = house.get(path).token(READ).await;
        assert_eq!(whole.status.as_u16(), 200, "{path}: {}", whole.text());
        for scheme in ["bearer", "Bearer", "BEARER"] {
            let answer = house
                .get(path)
                .header("authorization", &format!("{scheme} {READ}"))
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .header("cookie", "session=1; other=2")
                .await;
            assert_eq!((answer.status, &answer.body), (whole.status, &whole.body), "{path} {scheme}");
            assert_eq!(answer.header("content-type"), "application/json");
        }
    }
}

#[tokio::test]
async fn a_token_anywhere_else_is_none() {
    let house = House::idle().await;
    let asks = [
        house.get(&format!("{FORM}?token={READ}")),
        house.get(&format!("{FORM}?access_token={READ}")),
        house.get(FORM).header("x-api-key", READ),
        house.get(FORM).header("authorization", READ),
    ];
    for ask in asks {
        let answer = ask.await;
        assert_eq!(answer.status.as_u16(), 401);
        assert_eq!(answer.text(), r#"{"error":{"message":"Missing access token.","status":401}}"#);
    }
}

#[tokio::test]
async fn every_page_says_in_whole_numbers_where_it_is() {
    let house = House::idle().await;
    for page in 1..=4 {
        let answer = house.get(&format!("{FORM}/results?limit=1&page={page}")).token(READ).await;
        let said = ["pagination-limit", "pagination-page-current", "pagination-page-last"];
        assert_eq!(said.map(|name| answer.header(name).parse::<u32>().unwrap()), [1, page, 4]);
        let json = answer.json();
        let result = &json["results"][0];
        // Clients read dates by a pattern that has no place for parts of a second, and ids as texts.
        assert!(result["id"].as_str().unwrap().bytes().all(|b| b.is_ascii_digit()));
        for date in ["date_update", "date_finish", "date_start"] {
            if let Some(date) = result[date].as_str() {
                assert!(date.len() == 20 && date.ends_with('Z'), "{date}");
            }
        }
    }
}
