//! The dialects: the families of API that are spoken, a module each.
//!
//! Must not know: what a dialect says.

pub(crate) mod native;
pub(crate) mod open;
pub(crate) mod v1_1;
pub(crate) mod v2;

use crate::layout::Layout;
use fillhouse_engine::{PublicForm, Result};

/// How a form is laid out on its page, as far as a dialect's clients have said so.
pub(crate) async fn layout(form: &PublicForm) -> Result<Layout> {
    let look = form.look(open::DIALECT).await?;
    Ok(look.map(|look| open::layout(form.form(), &look)).unwrap_or_default())
}
