//! Results: a page of submissions, each written as the result object that every JSON of ours has.
//!
//! Must not know: what the objects are put into.

use super::Query;
use crate::{FormRef, FormsReader, Result};
use fillhouse_model::row::Row;
use fillhouse_model::{Fault, FormId};
use fillhouse_render::json::{ResultLayout, ResultWriter};

/// The results view that has everything, where a form has none of its own by this id.
const EVERYTHING: &str = "11";

/// How many times its own size a row takes as an object at most, for most forms: where it is less, nothing is lost, and
/// where it is more, all of a page is copied once.
const GROWTH: usize = 6;

impl FormsReader {
    /// Appends the results that a query wants to `body`, with commas in between and with no more in them than a results
    /// view has; gives how many results there are on all pages.
    ///
    /// # Errors
    /// As [`FormsReader::query`]; or the form has no such view.
    pub async fn results(
        &self,
        form: &FormRef,
        query: Query,
        view: Option<&str>,
        body: &mut Vec<u8>,
    ) -> Result<u64> {
        let page = self.query(form, query).await?;
        let everything = page.layout.get_or_init(|| ResultLayout::new(&page.form.form));
        let viewed = match view {
            Some(view) => self.viewed(page.form.form.id, view, everything).await?,
            None => None,
        };
        let mut writer = ResultWriter::new(viewed.as_ref().unwrap_or(everything));
        body.reserve(page.rows.iter().map(|row| row.len() * GROWTH).sum());
        for (n, row) in page.rows.iter().enumerate() {
            if n > 0 {
                body.push(b',');
            }
            writer.write(&Row::read(row)?, body)?;
        }
        Ok(page.total)
    }

    /// What a results view has of the results of a form; none where it has everything.
    async fn viewed(
        &self,
        form: FormId,
        view: &str,
        everything: &ResultLayout,
    ) -> Result<Option<ResultLayout>> {
        let wanted = view.to_owned();
        let found = self.engine.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { tx.results_view(form, &wanted).await })
        });
        match found.await? {
            Some(view) => Ok(Some(everything.clone().view(&view.columns))),
            None if view == EVERYTHING => Ok(None),
            None => Err(Fault::new("results_view", "is no view of the form").into()),
        }
    }
}
