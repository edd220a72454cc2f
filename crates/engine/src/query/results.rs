//! Results: a page of submissions, each written as the result object that every JSON of ours has.
//!
//! Must not know: what the objects are put into.

use super::Query;
use crate::{FormRef, FormsReader, Result};
use fillhouse_model::Fault;
use fillhouse_model::row::Row;
use fillhouse_render::json::{ResultLayout, ResultWriter};

/// The results view that has everything, where a form has none of its own by this id.
const EVERYTHING: &str = "11";

/// A page of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// The objects, with commas in between.
    pub objects: Vec<u8>,
    /// How many results there are on all pages.
    pub total: u64,
}

impl FormsReader {
    /// The results that a query wants, with no more in them than a results view has.
    ///
    /// # Errors
    /// As [`FormsReader::query`]; or the form has no such view.
    pub async fn results(&self, form: &FormRef, query: Query, view: Option<&str>) -> Result<Results> {
        let page = self.query(form, query).await?;
        let mut layout = ResultLayout::new(&page.form.form);
        if let Some(view) = view {
            let (id, wanted) = (page.form.form.id, view.to_owned());
            let found = self.engine.parts.store.read(move |tx| {
                let wanted = wanted.clone();
                Box::pin(async move { tx.results_view(id, &wanted).await })
            });
            layout = match found.await? {
                Some(view) => layout.view(&view.columns),
                None if view == EVERYTHING => layout,
                None => return Err(Fault::new("results_view", "is no view of the form").into()),
            };
        }
        let mut writer = ResultWriter::new(&layout);
        let mut objects = Vec::with_capacity(page.rows.iter().map(|row| row.len() * 4).sum());
        for row in &page.rows {
            if !objects.is_empty() {
                objects.push(b',');
            }
            writer.write(&Row::read(row)?, &mut objects)?;
        }
        Ok(Results { objects, total: page.total })
    }
}
