//! The dialects: the families of API that are spoken, a module each.
//!
//! How a form's page is laid out is kept once, in the look of the dialect whose clients say such things. Whoever else says it,
//! as the console's editor does, says it there: clients see it and send it back, and there are no two layouts of which one
//! would have to win.
//!
//! Must not know: what a dialect says.

pub(crate) mod native;
pub(crate) mod open;
pub(crate) mod v1_1;
pub(crate) mod v2;

use crate::layout::Layout;
use fillhouse_engine::{PublicForm, Result};
use fillhouse_model::Form;

/// The dialect in whose look it is kept how a form is laid out.
pub(crate) const LAYOUTS: &str = open::DIALECT;

/// How a form is laid out on its page, as far as anybody has said so.
pub(crate) async fn layout(form: &PublicForm) -> Result<Layout> {
    let look = form.look(LAYOUTS).await?;
    Ok(layout_of(form.form(), look.as_deref()))
}

/// How a form of this look is laid out.
pub(crate) fn layout_of(form: &Form, look: Option<&str>) -> Layout {
    look.map(|look| open::layout(form, look)).unwrap_or_default()
}

/// The look of a form that is laid out so, in place of `kept`; none where nothing changes.
pub(crate) fn look_of(
    before: Option<&Form>,
    after: &Form,
    kept: Option<&str>,
    layout: &Layout,
) -> Option<String> {
    open::written(before, after, kept, layout)
}
