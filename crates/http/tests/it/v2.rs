//! The v2 dialect.

mod forms;
mod items;
mod results;
mod types;
