//! What the engine counts for whoever watches it.
//!
//! Guarantees: each is there from the start, as none, so that a picture of it is not empty until something happens.
//!
//! Must not know: where they are read.

/// Exports that were completed.
pub(crate) const JOBS_COMPLETED: &str = "fillhouse_jobs_completed_total";
/// Exports that were given up.
pub(crate) const JOBS_FAILED: &str = "fillhouse_jobs_failed_total";
/// Blocks that were rendered.
pub(crate) const RENDITIONS_MADE: &str = "fillhouse_renditions_made_total";
/// Blocks that were there already.
pub(crate) const RENDITIONS_REUSED: &str = "fillhouse_renditions_reused_total";
/// Blocks that the disk had lost.
pub(crate) const RENDITIONS_DAMAGED: &str = "fillhouse_renditions_damaged_total";
/// Columns that were read into memory.
pub(crate) const COLUMNS_MADE: &str = "fillhouse_columns_made_total";
/// Attempts at deliveries, by what came of them.
pub(crate) const DELIVERY_ATTEMPTS: &str = "fillhouse_delivery_attempts_total";
/// Steps of the runs of schedules, by what came of them.
pub(crate) const SCHEDULE_STEPS: &str = "fillhouse_schedule_steps_total";

/// Each with what it is.
const ALL: [(&str, &str); 8] = [
    (JOBS_COMPLETED, "Exports that were completed"),
    (JOBS_FAILED, "Exports that were given up"),
    (RENDITIONS_MADE, "Blocks that were rendered for an export"),
    (RENDITIONS_REUSED, "Blocks of an export that were there already"),
    (RENDITIONS_DAMAGED, "Blocks that the disk had lost"),
    (COLUMNS_MADE, "Columns that were read into memory"),
    (DELIVERY_ATTEMPTS, "Attempts at deliveries, by what came of them"),
    (SCHEDULE_STEPS, "Steps of the runs of schedules, by what came of them"),
];

/// Tells whoever counts what there is to count, before any of it happens.
pub fn announce_counters() {
    for (name, what) in ALL {
        metrics::describe_counter!(name, what);
        match name {
            DELIVERY_ATTEMPTS | SCHEDULE_STEPS => {
                metrics::counter!(name, "outcome" => "delivered").increment(0);
                metrics::counter!(name, "outcome" => "failed").increment(0);
            }
            _ => metrics::counter!(name).increment(0),
        }
    }
}
