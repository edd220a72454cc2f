//! The v2 dialect.

mod forms;
mod headers;
mod items;
mod limits;
mod results;
mod types;
mod webhooks;
