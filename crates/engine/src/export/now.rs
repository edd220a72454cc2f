//! Small exports, made while the caller waits.
//!
//! Guarantees: the bytes are those that a job would make of the same; whatever would take long is not begun.
//!
//! Must not know: jobs.

use super::ExportRequest;
use super::pinned::{Pinned, pin};
use super::selection::{Selection, Share};
use super::shape::FileShape;
use super::workbench::{Press, RenderTask};
use crate::{Error, FormsReader, Result};
use bytes::Bytes;
use fillhouse_model::Form;
use fillhouse_store::{Block, BlockRows};

/// A file that was made while the caller waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallFile {
    /// Its media type.
    pub media_type: &'static str,
    /// How many submissions are in it.
    pub rows: i64,
    /// All of it.
    pub bytes: Bytes,
}

/// What of a form is exported, read in one moment.
struct Material {
    form: Form,
    selection: Selection,
    blocks: Vec<BlockRows>,
}

impl FormsReader {
    /// The file of an export in no container, where it is a text of what is there now, and at most `most_rows` submissions have
    /// to be looked at; else none.
    ///
    /// # Errors
    /// As for [`FormsReader::start_export`].
    pub async fn export_now(&self, request: ExportRequest, most_rows: i64) -> Result<Option<SmallFile>> {
        if !request.shape.content.is_text() || request.wanted.is_of_a_moment() {
            return Ok(None);
        }
        let Some(material) = self.material(&request, most_rows).await? else { return Ok(None) };
        let shape = request.shape;
        let rendering = tokio::task::spawn_blocking(move || render(material, &shape));
        rendering.await?.map(Some)
    }

    async fn material(&self, request: &ExportRequest, most_rows: i64) -> Result<Option<Material>> {
        let form_id = self.form_id(&request.form).await?;
        let (account_id, asked) = (self.account, request.clone());
        let read = self.engine.parts.store.read(move |tx| {
            let asked = asked.clone();
            Box::pin(async move {
                let Some(form) = tx.form_of(account_id, form_id).await? else { return Ok(None) };
                let Pinned { form, selection, seq, blocks, .. } = match pin(tx, &asked, form).await? {
                    Some(Ok(pinned)) => pinned,
                    Some(Err(fault)) => return Ok(Some(Err(fault))),
                    None => return Ok(None),
                };
                let touched = blocks.into_iter().filter(|block| selection.of(block) != Share::Nothing);
                let touched: Vec<Block> = touched.collect();
                if selection.expected_rows(&touched) > most_rows {
                    return Ok(Some(Ok(None)));
                }
                let mut blocks = Vec::with_capacity(touched.len());
                for block in touched {
                    blocks.push(tx.block_rows(form_id, block.block, seq, BlockRows::default()).await?);
                }
                Ok(Some(Ok(Some(Material { form, selection, blocks }))))
            })
        });
        Ok(read.await?.ok_or_else(|| Error::not_found(&request.form))??)
    }
}

fn render(material: Material, shape: &FileShape) -> Result<SmallFile> {
    let Material { form, selection, mut blocks } = material;
    let task = RenderTask::new(&form, shape, selection)?.bare();
    if task.newest_first {
        blocks.reverse();
    }
    let mut press = Press::default();
    for block in blocks {
        press.put_all(&task, block.with_keys())?;
    }
    let rows = press.finish(&task).rows;
    let bytes = [&*task.renderer.head(), &*press.take(), task.renderer.foot()].concat();
    Ok(SmallFile { media_type: shape.content.media_type(), rows, bytes: bytes.into() })
}
