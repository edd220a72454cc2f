//! Files of submissions, copied to where the submissions come to.
//!
//! Guarantees: a file is copied once, however often this is run; one that cannot be had is reported, and keeps its address.
//!
//! Must not know: which product it comes from.

use super::landing::Landing;
use super::web::Web;
use crate::wiring::with_source;
use anyhow::{Context as _, Result};
use bytes::Bytes;
use fillhouse_engine::{FormRef, Upload};
use fillhouse_model::FormId;
use futures::stream;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;

/// The files of a form.
pub(crate) struct Files {
    copied: HashMap<String, String>,
    log: File,
}

impl Files {
    /// The files of the form of this key, with those that were copied before.
    pub(crate) fn open(landing: &Landing, key: &str) -> Result<Self> {
        let path = landing.notes.join(format!("{key}.files"));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        // A line that was torn has no tab, or an address that is not there: the file is copied again then.
        let pair =
            |line: &str| line.split_once('\t').map(|(theirs, ours)| (theirs.to_owned(), ours.to_owned()));
        let copied = text.lines().filter_map(pair).collect();
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        let mut files = Self { copied, log };
        if !text.is_empty() && !text.ends_with('\n') {
            files.log.write_all(b"\n")?;
        }
        Ok(files)
    }

    /// The address of our copy of a file; its own where there can be none.
    pub(crate) async fn copy(
        &mut self,
        landing: &mut Landing,
        web: &mut Web,
        form: FormId,
        (place, url): (&str, &str),
    ) -> Result<String> {
        if let Some(ours) = self.copied.get(url)
            && is_there(landing, ours).await
        {
            return Ok(ours.clone());
        }
        if !url.starts_with("http://") && !url.starts_with("https://") {
            landing.report.say(place, format!("the file {url} has no address"))?;
            return Ok(url.to_owned());
        }
        let fetched = match web.file(url).await {
            Ok(Some(fetched)) => fetched,
            Ok(None) => {
                landing.report.say(place, format!("the file {url} is not there"))?;
                return Ok(url.to_owned());
            }
            Err(error) => {
                landing.report.say(place, format!("the file {url} cannot be had: {error:#}"))?;
                return Ok(url.to_owned());
            }
        };
        let name = name_of(url);
        let media_type = fetched.headers.get("content-type").and_then(|value| value.to_str().ok());
        let writer = landing.writer().await?;
        let bytes = stream::iter([Ok(Bytes::from(fetched.body.clone()))]);
        let upload = Upload { form: &FormRef::Id(form), name: &name, media_type };
        let uploaded = match writer.upload(upload, bytes).await {
            Ok(uploaded) => uploaded,
            Err(error) => {
                landing.report.say(place, format!("the file {url}: {:#}", with_source(error)))?;
                return Ok(url.to_owned());
            }
        };
        writeln!(self.log, "{url}\t{}", uploaded.url)?;
        self.copied.insert(url.to_owned(), uploaded.url.clone());
        Ok(uploaded.url)
    }
}

/// Whether our copy is still there: one that no submission has is gone after a day.
async fn is_there(landing: &Landing, ours: &str) -> bool {
    let Some((_, file)) = ours.rsplit_once("/files/") else { return false };
    landing.engine.uploaded_file(&landing.account.user_dir, file).await.is_ok()
}

/// What a file is called, by its address: without what makes its address one that nobody guesses.
pub(crate) fn name_of(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let name = match last.split_once('_') {
        Some((before, name)) if before.starts_with("f-") || before.starts_with("sig-") => name,
        _ => last,
    };
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_file_is_called_what_its_owner_called_it() {
        assert_eq!(name_of("https://fs1.example/acme/files/f-1-2-10000001_my_cv.pdf"), "my_cv.pdf");
        assert_eq!(name_of("https://x.example/a_b.pdf?c=d/e"), "a_b.pdf");
        assert_eq!(name_of("https://x.example/"), "file");
    }
}
