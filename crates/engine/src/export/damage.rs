//! Renditions whose blob is missing, or not of its size: a disk that failed, or somebody who tidied up.
//!
//! Guarantees: an export is made of none of them, and neither is the next one of the same; a file that was made of one is
//! dropped, since it cannot be read.
//!
//! Must not know: how a block is rendered again.

use crate::Result;
use crate::engine::Parts;
use fillhouse_store::Rendition;
use futures::{StreamExt as _, TryStreamExt as _};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many blobs are looked at at once.
const AT_ONCE: usize = 16;

/// Takes the damaged ones out of `renditions`, and drops them.
pub(super) async fn drop_damaged(
    parts: &Arc<Parts>,
    renditions: &mut BTreeMap<i64, Rendition>,
) -> Result<()> {
    let looks: Vec<_> =
        renditions.iter().map(|(block, rendition)| is_damaged(parts, *block, rendition)).collect();
    let looked: Vec<Option<i64>> = futures::stream::iter(looks).buffered(AT_ONCE).try_collect().await?;
    for block in looked.into_iter().flatten() {
        if let Some(rendition) = renditions.remove(&block) {
            drop_one(parts, rendition).await?;
        }
    }
    Ok(())
}

/// The block, where its rendition is damaged.
async fn is_damaged(parts: &Arc<Parts>, block: i64, rendition: &Rendition) -> Result<Option<i64>> {
    let Some(blob) = &rendition.blob else { return Ok(None) };
    let expected = rendition.deflated_bytes.cast_unsigned();
    Ok((parts.blobs.size(blob).await? != Some(expected)).then_some(block))
}

async fn drop_one(parts: &Arc<Parts>, rendition: Rendition) -> Result<()> {
    let Rendition { id, blob, key, .. } = rendition;
    tracing::error!(form = %key.form_id, block = key.block, blob, "a blob is damaged; its block is rendered again");
    metrics::counter!("fillhouse_renditions_damaged_total").increment(1);
    let dropped = parts.store.write(move |tx| {
        let id = id.clone();
        Box::pin(async move { tx.drop_damaged_rendition(&id).await })
    });
    dropped.await?;
    match blob {
        Some(blob) => Ok(parts.blobs.delete(&blob).await?),
        None => Ok(()),
    }
}
