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
/// How long a key of a bucket may be.
const MOST_KEY_BYTES: usize = 255;

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
    /// Into a bucket of an S3 server.
    Bucket {
        /// Its name.
        bucket: String,
        /// What the file's name has before it: names with `/` in between; may be empty.
        prefix: String,
        /// The server's address; none for that of AWS.
        endpoint: Option<String>,
        /// The region.
        region: String,
        /// What the file is called there, in place of the last one; none for the name that each export has.
        file_name: Option<String>,
    },
}

/// What it takes to be let in there.
#[derive(Clone, PartialEq, Eq)]
pub enum DestinationSecret {
    /// What posts are signed with.
    Signing(String),
    /// The keys of a bucket.
    Keys {
        /// The key's id.
        access_key_id: String,
        /// The key.
        secret_access_key: String,
    },
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

impl Destination {
    /// The region of a bucket where nobody says one, as the clients of AWS have it.
    pub const DEFAULT_REGION: &str = "us-east-1";
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
            Destination::Folder { .. } => {
                if settings.folder.is_none() {
                    let message = "is nowhere: the operator has set no folder for exports";
                    faults.push(Fault::new("destination.folder", message));
                }
            }
            Destination::Webhook { url } => {
                faults.extend(check_url("destination.url", url, deliveries).err());
            }
            Destination::Bucket { endpoint, .. } => {
                let checked = |url: &str| check_url("destination.endpoint", url, deliveries).err();
                faults.extend(endpoint.as_deref().and_then(checked));
            }
        }
        faults.extend(self.check_names());
        faults
    }

    /// Whether its names and its secret are such as there can be, whatever the operator says.
    ///
    /// # Errors
    /// They are not; each fault is of a member of `destination`.
    pub(crate) fn check_names(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        match &self.destination {
            Destination::Store | Destination::Webhook { .. } => {}
            Destination::Folder { folder, file_name } => {
                faults.extend(check_folder(folder).err());
                faults.extend(
                    file_name.as_deref().and_then(|name| check_name("destination.file_name", name).err()),
                );
            }
            Destination::Bucket { bucket, prefix, endpoint, region, file_name } => {
                faults.extend(check_bucket(bucket, region).err());
                faults.extend(check_key("destination.prefix", prefix).err());
                faults.extend(file_name.as_deref().and_then(|name| check_file_key(name).err()));
                faults.extend(endpoint.as_deref().and_then(|url| check_host(url).err()));
                if !matches!(self.secret, Some(DestinationSecret::Keys { .. })) {
                    faults.push(Fault::new("destination.access_key_id", "is missing"));
                }
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
            Some(DestinationSecret::Keys { access_key_id, secret_access_key }) => {
                let members = [("access_key_id", access_key_id), ("secret_access_key", secret_access_key)];
                for (member, key) in members {
                    if key.is_empty()
                        || key.len() > MOST_KEY_BYTES
                        || !key.bytes().all(|b| b.is_ascii_graphic())
                    {
                        let message = format!("is not 1 to {MOST_KEY_BYTES} visible ASCII characters");
                        faults.push(Fault::new(format!("destination.{member}"), message));
                    }
                }
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

/// Whether there can be such a bucket, in such a region.
fn check_bucket(bucket: &str, region: &str) -> Result<(), Fault> {
    let is_of = |text: &str, others: &[u8]| {
        text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || others.contains(&b))
    };
    if !(3..=63).contains(&bucket.len()) || !is_of(bucket, b".-") {
        let message = "is not 3 to 63 lower-case letters, digits, hyphens and dots";
        return Err(Fault::new("destination.bucket", message));
    }
    if region.is_empty() || region.len() > 40 || !is_of(region, b"-") {
        let message = "is not 1 to 40 lower-case letters, digits and hyphens";
        return Err(Fault::new("destination.region", message));
    }
    Ok(())
}

/// Whether these are names that mean the same to every server.
fn check_key(field: &str, key: &str) -> Result<(), Fault> {
    if names(key).count() > MOST_FOLDERS {
        return Err(Fault::new(field, format!("is more than {MOST_FOLDERS} names long")));
    }
    names(key).try_for_each(|name| {
        check_name(field, name)?;
        let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!-_.'()= ".contains(&b));
        if is_plain {
            Ok(())
        } else {
            Err(Fault::new(field, "has more in it than ASCII letters, digits and !-_.'()="))
        }
    })
}

/// The same of one name.
fn check_file_key(name: &str) -> Result<(), Fault> {
    let field = "destination.file_name";
    check_name(field, name)?;
    check_key(field, name)
}

/// Whether a URL is the address of a server, and nothing more.
fn check_host(url: &str) -> Result<(), Fault> {
    let host = url.split_once("://").map_or("", |(_, rest)| rest).trim_end_matches('/');
    if host.contains(['/', '?', '#', '@']) {
        return Err(Fault::new("destination.endpoint", "is not of the form https://HOST"));
    }
    Ok(())
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
    fn a_bucket_is_one_that_there_can_be() {
        let keys = |access_key_id: &str, secret_access_key: &str| DestinationSecret::Keys {
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
        };
        let faults = |members: [&str; 4], secret: Option<DestinationSecret>| {
            let [bucket, prefix, endpoint, region] = members.map(str::to_owned);
            let endpoint = Some(endpoint).filter(|endpoint| !endpoint.is_empty());
            let destination = Destination::Bucket { bucket, prefix, endpoint, region, file_name: None };
            let new = NewDestination { destination, secret };
            let faults = new.check(&DestinationSettings::default(), &DeliverySettings::default());
            faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>()
        };
        let good = Some(keys("AKIA", "abc/def+ghi="));
        assert!(faults(["acme-exports", "", "", "eu-central-1"], good.clone()).is_empty());
        assert!(faults(["acme", "a=1/b", "https://s3.example/", "x"], good.clone()).is_empty());
        for (members, field) in [
            (["a", "", "", "x"], "destination.bucket"),
            (["Acme", "", "", "x"], "destination.bucket"),
            (["acme/../x", "", "", "x"], "destination.bucket"),
            (["acme", "../x", "", "x"], "destination.prefix"),
            (["acme", "a%2f", "", "x"], "destination.prefix"),
            (["acme", "", "https://s3.example/path", "x"], "destination.endpoint"),
            (["acme", "", "https://a@s3.example", "x"], "destination.endpoint"),
            (["acme", "", "http://169.254.169.254", "x"], "destination.endpoint"),
            (["acme", "", "ftp://s3.example", "x"], "destination.endpoint"),
            (["acme", "", "", "a.b/c"], "destination.region"),
            (["acme", "", "", ""], "destination.region"),
        ] {
            assert_eq!(faults(members, good.clone()), [field], "{members:?}");
        }
        let acme = ["acme", "", "", "x"];
        assert_eq!(faults(acme, None), ["destination.access_key_id"]);
        assert_eq!(
            faults(acme, Some(keys("a b", ""))),
            ["destination.access_key_id", "destination.secret_access_key"]
        );
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
