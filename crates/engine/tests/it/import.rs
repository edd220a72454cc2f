//! Import and dump: everything that is stored, as lines.

mod faults;
mod files;
mod interrupted;
mod references;
mod replaced;
mod round_trip;
mod schedules;

use crate::house::Imported;

/// What an import that ended at a bad line says.
fn ended_at(imported: &Imported) -> String {
    imported.outcome.as_ref().expect_err("a line is bad").to_string()
}
