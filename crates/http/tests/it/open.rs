//! The open dialect: what OpnForm's clients ask, and what they are answered.

mod forms;
mod integrations;
