//! Jobs: however often they are interrupted, they end, and with the same bytes.

mod attempts;
mod damage;
mod takeover;

use crate::files::{Exported, download, finished};
use crate::house::{House, do_jobs};
use fillhouse_engine::Settings;
use fillhouse_model::JobId;

/// How many blocks the exports of these cases have.
const BLOCKS: i64 = 6;

/// Fills the house and asks for an export.
async fn asked(house: &House) -> JobId {
    house.fill_blocks(BLOCKS, 3).await;
    house.reader().await.start_export(finished()).await.unwrap()
}

/// The same export, made in another house without any trouble.
async fn control(house: &House) -> Exported {
    let other = house.another().await;
    let job = asked(&other).await;
    do_jobs(&other.engine).await;
    download(&other.reader().await, &job).await
}

/// The settings of a worker that renders one block at a time.
fn slow(house: &House) -> Settings {
    Settings { render_threads: 1, ..house.settings() }
}

/// The settings of another process's worker.
fn elsewhere(house: &House) -> Settings {
    Settings { owner: "elsewhere".into(), ..slow(house) }
}

/// The blocks that the job has finished, with the rendition of each.
async fn parts(house: &House) -> Vec<Vec<String>> {
    house.database.rows("SELECT position, rendition_id FROM parts ORDER BY job_id, position").await
}
