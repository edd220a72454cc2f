//! Where the files of a schedule go, as a line says it, with what it takes to be let in there.
//!
//! Guarantees: a path stays within its folder.
//!
//! Must not know: whether the operator lets files go there.

use super::scalar::Short;
use super::webhook::http_url;
use crate::{Destination, DestinationSecret, NewDestination};
use fillhouse_model::Fault;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A [`NewDestination`].
#[derive(Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct DestinationDocument<'a> {
    #[serde(borrow)]
    kind: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_access_key: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<Short<'a>>,
}

impl TryFrom<DestinationDocument<'_>> for NewDestination {
    type Error = Fault;

    fn try_from(document: DestinationDocument<'_>) -> Result<Self, Fault> {
        let mut members = Members(document);
        let kind = members.take("kind")?;
        let (destination, secret) = match kind.as_str() {
            "store" => (Destination::Store, None),
            "folder" => {
                let folder = members.take("folder")?;
                (Destination::Folder { folder, file_name: members.take_some("file_name") }, None)
            }
            "webhook" => {
                let url = http_url("destination.url", members.take("url")?)?;
                (Destination::Webhook { url }, members.take_some("secret").map(DestinationSecret::Signing))
            }
            "s3" => {
                let endpoint = members.take_some("endpoint");
                let destination = Destination::Bucket {
                    bucket: members.take("bucket")?,
                    prefix: members.take_some("prefix").unwrap_or_default(),
                    endpoint: endpoint.map(|url| http_url("destination.endpoint", url)).transpose()?,
                    region: members.take("region")?,
                    file_name: members.take_some("file_name"),
                };
                let secret = DestinationSecret::Keys {
                    access_key_id: members.take("access_key_id")?,
                    secret_access_key: members.take("secret_access_key")?,
                };
                (destination, Some(secret))
            }
            _ => return Err(Fault::new("destination.kind", "is not one of store, folder, webhook and s3")),
        };
        members.end(&kind)?;
        let read = Self { destination, secret };
        read.check_names().into_iter().next().map_or(Ok(read), Err)
    }
}

/// The members that were not looked at yet.
struct Members<'a>(DestinationDocument<'a>);

impl<'a> Members<'a> {
    fn all(&mut self) -> [(&'static str, &mut Option<Short<'a>>); 11] {
        let it = &mut self.0;
        [
            ("kind", &mut it.kind),
            ("folder", &mut it.folder),
            ("url", &mut it.url),
            ("secret", &mut it.secret),
            ("bucket", &mut it.bucket),
            ("prefix", &mut it.prefix),
            ("endpoint", &mut it.endpoint),
            ("region", &mut it.region),
            ("access_key_id", &mut it.access_key_id),
            ("secret_access_key", &mut it.secret_access_key),
            ("file_name", &mut it.file_name),
        ]
    }

    fn take_some(&mut self, wanted: &str) -> Option<String> {
        let found = self.all().into_iter().find(|(name, _)| *name == wanted);
        found.and_then(|(_, member)| member.take()).map(String::from)
    }

    fn take(&mut self, wanted: &str) -> Result<String, Fault> {
        self.take_some(wanted).ok_or_else(|| Fault::new(format!("destination.{wanted}"), "is missing"))
    }

    fn end(&mut self, kind: &str) -> Result<(), Fault> {
        match self.all().into_iter().find(|(_, member)| member.is_some()) {
            Some((name, _)) => Err(Fault::new(format!("destination.{name}"), format!("is not for {kind}"))),
            None => Ok(()),
        }
    }
}

impl<'a> From<&'a NewDestination> for DestinationDocument<'a> {
    fn from(new: &'a NewDestination) -> Self {
        let text = |text: &'a str| Some(Short(Cow::Borrowed(text)));
        let some = |some: &'a Option<String>| some.as_deref().and_then(text);
        let mut document = match &new.destination {
            Destination::Store => Self { kind: text("store"), ..Self::default() },
            Destination::Folder { folder, file_name } => Self {
                kind: text("folder"),
                folder: text(folder),
                file_name: some(file_name),
                ..Self::default()
            },
            Destination::Webhook { url } => Self { kind: text("webhook"), url: text(url), ..Self::default() },
            Destination::Bucket { bucket, prefix, endpoint, region, file_name } => Self {
                kind: text("s3"),
                bucket: text(bucket),
                prefix: text(prefix).filter(|_| !prefix.is_empty()),
                endpoint: some(endpoint),
                region: text(region),
                file_name: some(file_name),
                ..Self::default()
            },
        };
        match &new.secret {
            Some(DestinationSecret::Signing(secret)) => document.secret = text(secret),
            Some(DestinationSecret::Keys { access_key_id, secret_access_key }) => {
                document.access_key_id = text(access_key_id);
                document.secret_access_key = text(secret_access_key);
            }
            None => {}
        }
        document
    }
}
