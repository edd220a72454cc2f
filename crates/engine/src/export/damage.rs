//! Renditions whose blob is missing, or not of its size: a disk that failed, or somebody who tidied up.
//!
//! Guarantees: an export is made of none of them, and neither is the next one of the same; a file that was made of one is
//! dropped, since it cannot be read.
//!
//! Must not know: how a block is rendered again.

use crate::engine::Parts;
use crate::{Result, counters};
use fillhouse_store::Rendition;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Takes the damaged ones out of `renditions`, and drops them.
pub(super) async fn drop_damaged(
    parts: &Arc<Parts>,
    renditions: &mut BTreeMap<i64, Rendition>,
) -> Result<()> {
    let (mut blocks, mut blobs) = (Vec::new(), Vec::new());
    for (block, rendition) in &*renditions {
        if let Some(blob) = &rendition.blob {
            blocks.push((*block, rendition.deflated_bytes.cast_unsigned()));
            blobs.push(blob.clone());
        }
    }
    let sizes = parts.blobs.sizes(blobs).await?;
    for ((block, expected), size_bytes) in blocks.into_iter().zip(sizes) {
        if size_bytes == Some(expected) {
            continue;
        }
        if let Some(rendition) = renditions.remove(&block) {
            drop_one(parts, rendition).await?;
        }
    }
    Ok(())
}

async fn drop_one(parts: &Arc<Parts>, rendition: Rendition) -> Result<()> {
    let Rendition { id, blob, key, .. } = rendition;
    tracing::error!(form = %key.form_id, block = key.block, blob, "a blob is damaged; its block is rendered again");
    metrics::counter!(counters::RENDITIONS_DAMAGED).increment(1);
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
