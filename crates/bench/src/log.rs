//! The physical limit of durable ingest: appending the same bytes to a file, many writers sharing an fdatasync.
//!
//! Must not know: what the bytes are.

use anyhow::Result;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Appends each of `bodies` once, by `writers` writers who each wait until theirs is on the disk; gives the time it took.
pub(crate) fn append(path: &Path, bodies: &[String], writers: usize) -> Result<Duration> {
    let mut file = File::create(path)?;
    let (queue, waiting) = mpsc::sync_channel::<(&str, mpsc::Sender<()>)>(writers);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let queue = queue.clone();
            scope.spawn(move || {
                let (done, is_done) = mpsc::channel();
                for body in bodies.iter().skip(writer).step_by(writers) {
                    let sent = queue.send((body, done.clone()));
                    if sent.is_err() || is_done.recv().is_err() {
                        return;
                    }
                }
            });
        }
        drop(queue);
        while let Ok(first) = waiting.recv() {
            let together: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
            for (body, _) in &together {
                file.write_all(body.as_bytes())?;
            }
            file.sync_data()?;
            for (_, done) in together {
                // A writer that has gone need not be told.
                done.send(()).ok();
            }
        }
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(began.elapsed())
}
