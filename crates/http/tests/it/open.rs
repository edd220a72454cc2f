//! The open dialect: what OpnForm's clients ask, and what they are answered.

mod answers;
mod exports;
mod files;
mod forms;
mod integrations;
mod lists;
mod making;
mod submissions;
mod tokens;
