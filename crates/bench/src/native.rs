//! Exports asked for with the native API, and followed until they are completed.
//!
//! Must not know: what is measured of them.

use crate::dataset::TOKEN;
use crate::http::{self, Connection};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How often an export is looked at; to answer takes a small part of this.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What a completed export was.
pub(crate) struct Done {
    /// From the request until it was told to be completed.
    pub(crate) time: Duration,
    /// What was told of it at last.
    pub(crate) told: Value,
}

/// Asks for an export of the first form by further members of the request, and shows what is told of it meanwhile,
/// with how long ago it was asked for.
pub(crate) fn export(
    connection: &mut Connection,
    members: &str,
    mut look: impl FnMut(Duration, &Value),
) -> Result<Done> {
    let began = Instant::now();
    let asked = post(connection, "/v1/exports", &format!(r#"{{"form": 1, {members}}}"#))?;
    let path = path(&asked)?;
    loop {
        let answer = connection.send(&http::get(&path, TOKEN))?;
        let told: Value = serde_json::from_slice(&answer.body)?;
        let time = began.elapsed();
        match told["state"].as_str() {
            Some("completed") => return Ok(Done { time, told }),
            Some("queued" | "running") => look(time, &told),
            _ => bail!("the export ended: {told}"),
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Deletes an export with its file, so that the disk has room for the next.
pub(crate) fn delete(connection: &mut Connection, done: &Done) -> Result<()> {
    let answer = connection.send(&http::delete(&path(&done.told)?, TOKEN))?;
    ensure!(answer.status == 204, "the deletion was answered with {}", answer.status);
    Ok(())
}

/// Posts JSON, and reads the JSON of the answer.
pub(crate) fn post(connection: &mut Connection, path: &str, body: &str) -> Result<Value> {
    let answer = connection.send(&http::post(path, TOKEN, body))?;
    ensure!(matches!(answer.status, 200 | 201), "{path} answered {}", String::from_utf8_lossy(&answer.body));
    Ok(serde_json::from_slice(&answer.body)?)
}

fn path(export: &Value) -> Result<String> {
    Ok(format!("/v1/exports/{}", export["id"].as_str().context("no id")?))
}
