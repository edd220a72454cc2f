//! Where the files of a schedule go.
//!
//! Guarantees: what is to be let in somewhere is never shown; a path stays within its folder.
//!
//! Must not know: how a file gets there.

use crate::deliver::{DeliverySettings, check_url};
use fillhouse_model::Fault;
use std::fmt;
use std::path::PathBuf;

/// How long a secret must be, and may be, as with integrations.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 12..=255;
/// How many folders may be in each other, and how long a name may be.
const MOST_FOLDERS: usize = 10;
const MOST_NAME_BYTES: usize = 100;

/// Where schedules may put files, by what the operator says.
#[derive(Debug, Clone, Default)]
pub struct DestinationSettings {
    /// The folder below which there is one for each account; none where files are not put into folders.
    pub folder: Option<PathBuf>,
}

/// Where a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Nowhere else: it stays with the other exports, for as long as they do.
    Store,
    /// Into a folder of the account's own on the server.
    Folder {
        /// Which one: names with `/` in between; empty for the account's own.
        folder: String,
        /// What it is called there, in place of the last one; none for the name that each export has.
        file_name: Option<String>,
    },
    /// A receiver is told where it is.
    Webhook {
        /// Where to post.
        url: String,
    },
}

/// What it takes to be let in there.
#[derive(Clone, PartialEq, Eq)]
pub enum DestinationSecret {
    /// What posts are signed with.
    Signing(String),
}

impl fmt::Debug for DestinationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DestinationSecret(…)")
    }
}

/// Where files are to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDestination {
    /// Where.
    pub destination: Destination,
    /// What it takes to be let in.
    pub secret: Option<DestinationSecret>,
}

impl NewDestination {
    /// Whether files may go there.
    ///
    /// # Errors
    /// They may not; each fault is of a member of `destination`.
    pub(super) fn check(&self, settings: &DestinationSettings, deliveries: &DeliverySettings) -> Vec<Fault> {
        let mut faults = Vec::new();
        match &self.destination {
            Destination::Store => {}
            Destination::Folder { folder, file_name } => {
                if settings.folder.is_none() {
                    let message = "is nowhere: the operator has set no folder for exports";
                    faults.push(Fault::new("destination.folder", message));
                }
                faults.extend(check_folder(folder).err());
                faults.extend(
                    file_name.as_deref().and_then(|name| check_name("destination.file_name", name).err()),
                );
            }
            Destination::Webhook { url } => {
                faults.extend(check_url("destination.url", url, deliveries).err());
            }
        }
        match &self.secret {
            Some(DestinationSecret::Signing(secret))
                if !SECRET_CHARS.contains(&secret.chars().count()) || secret.contains('\0') =>
            {
                let (least, most) = (SECRET_CHARS.start(), SECRET_CHARS.end());
                let message = format!("is not {least} to {most} characters long");
                faults.push(Fault::new("destination.secret", message));
            }
            Some(DestinationSecret::Signing(_)) | None => {}
        }
        faults
    }
}

/// The names that lead to a folder.
pub(super) fn names(folder: &str) -> impl Iterator<Item = &str> {
    folder.split('/').filter(|_| !folder.is_empty())
}

fn check_folder(folder: &str) -> Result<(), Fault> {
    if names(folder).count() > MOST_FOLDERS {
        return Err(Fault::new("destination.folder", format!("is more than {MOST_FOLDERS} folders deep")));
    }
    names(folder).try_for_each(|name| check_name("destination.folder", name))
}

/// Whether this is a name that leads nowhere else, on any system.
fn check_name(field: &str, name: &str) -> Result<(), Fault> {
    if name.is_empty() || name.len() > MOST_NAME_BYTES {
        return Err(Fault::new(field, format!("has a name that is not 1 to {MOST_NAME_BYTES} bytes long")));
    }
    if name.starts_with('.') {
        return Err(Fault::new(field, "has a name that begins with a dot"));
    }
    if name.contains(|c: char| c.is_control() || "/\\:".contains(c)) {
        return Err(Fault::new(field, "has a name with a slash, a colon or a control character in it"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(destination: Destination) -> Vec<String> {
        let settings = DestinationSettings { folder: Some("/srv/exports".into()) };
        let new = NewDestination { destination, secret: None };
        new.check(&settings, &DeliverySettings::default()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn no_path_leaves_its_folder() {
        let folder = |folder: &str, file_name: Option<&str>| {
            let (folder, file_name) = (folder.to_owned(), file_name.map(str::to_owned));
            faults(Destination::Folder { folder, file_name })
        };
        assert!(folder("", None).is_empty());
        assert!(folder("reports/año 2026", Some("survey.csv")).is_empty());
        for bad in [
            "..",
            "a/..",
            "../a",
            "/a",
            "a/",
            "a//b",
            ".hidden",
            "a\\b",
            "c:",
            "a\0",
            "a\nb",
            "1/2/3/4/5/6/7/8/9/10/11",
        ] {
            assert_eq!(folder(bad, None).len(), 1, "{bad:?}");
        }
        for bad in ["", "..", "a/b", ".profile", "a\\b"] {
            assert_eq!(folder("", Some(bad)).len(), 1, "{bad:?}");
        }
        assert!(folder(&"a".repeat(101), None)[0].contains("100 bytes"));
    }

    #[test]
    fn there_is_no_folder_unless_the_operator_says_so() {
        let destination = Destination::Folder { folder: String::new(), file_name: None };
        let new = NewDestination { destination, secret: None };
        let faults = new.check(&DestinationSettings::default(), &DeliverySettings::default());
        assert_eq!(faults[0].field, "destination.folder");
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = DestinationSecret::Signing("a secret of ours".to_owned());
        let new = NewDestination { destination: Destination::Store, secret: Some(secret) };
        assert!(!format!("{new:?}").contains("secret of ours"));
    }
}
