//! The fills of one user, from the request to `completed`.
//!
//! Must not know: how they are found.

use crate::dataset::TOKEN;
use crate::http::{self, Connection};
use crate::report::{Report, median, milliseconds};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::Instant;

/// How many users are asked for.
const USERS: usize = 200;

/// Asks for the fills of users of the data set, one after the other.
pub(crate) fn measure(connection: &mut Connection, report: &mut Report) -> Result<()> {
    let mut times = Vec::with_capacity(USERS);
    let mut fills = 0;
    for user in 0..USERS {
        let email = format!("person{}@example.com", user * 37 % 10_000);
        let body = json!({"id": 1, "db_id": 3, "email": email}).to_string();
        let began = Instant::now();
        let task = call(connection, "/api/v1.1/forms/fill", &body)?["task_id"].take();
        let status = call(connection, "/api/v1.1/tasks/status", &json!({"task_id": task}).to_string())?;
        times.push(began.elapsed());
        ensure!(status["status"] == "completed", "the task is {}", status["status"]);
        fills += status["result"]["total"].as_u64().context("no total")?;
    }
    times.sort_unstable();
    report.note("fills of a user", format!("{:.1} on average", fills as f64 / USERS as f64));
    report.at_most(
        "fills of a user, to `completed`, median",
        milliseconds(median(times.clone())),
        10.0,
        "ms",
    );
    report.at_most("the same, 99th of 100", milliseconds(times[USERS * 99 / 100]), 10.0, "ms");
    Ok(())
}

fn call(connection: &mut Connection, path: &str, body: &str) -> Result<Value> {
    let answer = connection.send(&http::post(path, TOKEN, body))?;
    ensure!(answer.status == 200, "{path} answered {}", String::from_utf8_lossy(&answer.body));
    Ok(serde_json::from_slice::<Value>(&answer.body)?["data"].take())
}
