//! The bytes of a file of profiles: what is around its parts, and what is in them.
//!
//! Guarantees: the parts, one after the other with the joint in between, are the same bytes however the profiles are cut
//! into parts.
//!
//! Must not know: where profiles come from, or where the bytes go.

use super::request::Pinned;
use super::{ProfileFormat, ProfileSource};
use crate::profiles::matching::holds;
use crate::{Error, Result};
use fillhouse_model::{Filter, Profile};
use fillhouse_render::profiles::{ProfileTable, write_json};

/// How profiles become the bytes of a part.
pub(super) struct Writer {
    table: ProfileTable,
    format: ProfileFormat,
    filter: Filter,
}

/// What is around the parts.
pub(super) struct Envelope {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) head: Vec<u8>,
    pub(super) joint: Vec<u8>,
    pub(super) tail: Vec<u8>,
}

impl Writer {
    pub(super) fn new(pinned: &Pinned) -> Result<Self, String> {
        let names = pinned.fields()?.into_iter().map(|field| field.name);
        let names = names.filter(|name| !fillhouse_model::filter::MEMBERS.contains(&name.as_str()));
        let table = ProfileTable::new(names.collect());
        Ok(Self { table, format: pinned.format(), filter: pinned.filter()? })
    }

    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The bytes of a part, and how many profiles are in it.
    pub(super) fn part(&self, profiles: &[Profile]) -> Result<(Vec<u8>, i64)> {
        let (mut out, mut rows) = (Vec::new(), 0);
        for profile in profiles {
            if !holds(&self.filter, profile)? {
                continue;
            }
            let written = match self.format {
                ProfileFormat::Csv => self.table.write(profile, &mut out),
                ProfileFormat::Json => {
                    if rows > 0 {
                        out.extend_from_slice(JOINT);
                    }
                    write_json(profile, &mut out)
                }
            };
            written.map_err(Error::internal)?;
            rows += 1;
        }
        Ok((out, rows))
    }

    pub(super) fn envelope(&self, source: ProfileSource) -> Envelope {
        let (id, kind) = match source {
            ProfileSource::Audience(id) => (id.0, "database"),
            ProfileSource::Segment(id) => (id.0, "segment"),
        };
        let name = |extension| format!("{id}_{kind}_export.{extension}");
        match self.format {
            ProfileFormat::Csv => {
                let mut head = Vec::new();
                self.table.write_header(&mut head);
                let media_type = "text/csv; charset=utf-8";
                Envelope { name: name("csv"), media_type, head, joint: Vec::new(), tail: Vec::new() }
            }
            ProfileFormat::Json => Envelope {
                name: name("json"),
                media_type: "application/json",
                head: b"[".to_vec(),
                joint: JOINT.to_vec(),
                tail: b"]\n".to_vec(),
            },
        }
    }
}

/// What stands between two objects.
const JOINT: &[u8] = b",\n";
