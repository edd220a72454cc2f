//! The open dialect: what OpnForm's clients ask, and what they are answered.

mod abilities;
mod answers;
mod encodings;
mod exports;
mod files;
mod forms;
mod integrations;
mod lists;
mod looks;
mod making;
mod submissions;
mod tokens;
mod zapier;
