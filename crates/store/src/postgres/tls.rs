//! How a connection to PostgreSQL is encrypted, as its URL says it in libpq's words (PostgreSQL's manual, 34.1.2): `sslmode`
//! and `sslrootcert`.
//!
//! Guarantees: a connection that is to be encrypted leads to a server whose certificate is of the host's name and is signed by
//! whom the URL or this machine trusts, or there is none; there is no encryption without that.
//!
//! Must not know: what is said over the connection.

use crate::{Error, Result};
use percent_encoding::percent_decode_str;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

/// What stands for the certificates that this machine trusts, as in libpq.
const SYSTEM: &str = "system";

/// Where to connect to, and how to encrypt it where that is wanted.
pub(super) struct Target {
    pub(super) config: Config,
    pub(super) tls: Option<MakeRustlsConnect>,
}

impl Target {
    /// # Errors
    /// The URL is none, asks for what there is not, or names a file that has no certificates.
    pub(super) fn of(url: &str) -> Result<Self> {
        let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
        let (mut kept, mut is_encrypted, mut root) = (Vec::new(), false, None);
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", mode)) => is_encrypted = wants_encryption(mode)?,
                Some(("sslrootcert", file)) => root = Some(percent_decode_str(file).decode_utf8_lossy()),
                _ => kept.push(parameter),
            }
        }
        if root.is_some() && !is_encrypted {
            return Err(refused("sslrootcert is for sslmode=verify-full"));
        }
        kept.push(if is_encrypted { "sslmode=require" } else { "sslmode=disable" });
        // The error's text would repeat parts of the URL, which may hold a password.
        let config =
            format!("{address}?{}", kept.join("&")).parse().map_err(|_| refused("it cannot be read"))?;
        let root = root.as_deref().filter(|root| *root != SYSTEM).map(Path::new);
        let tls = is_encrypted.then(|| trusting(root)).transpose()?.map(MakeRustlsConnect::new);
        Ok(Self { config, tls })
    }
}

fn wants_encryption(mode: &str) -> Result<bool> {
    match mode {
        "disable" => Ok(false),
        "require" | "verify-full" => Ok(true),
        _ => Err(refused("its sslmode has to be disable, require or verify-full")),
    }
}

/// A client that trusts the certificates of a file, or those of this machine.
fn trusting(root: Option<&Path>) -> Result<ClientConfig> {
    let mut trusted = RootCertStore::empty();
    let (added, _) = trusted.add_parsable_certificates(match root {
        Some(file) => certificates(file)?,
        None => rustls_native_certs::load_native_certs().certs,
    });
    if added == 0 {
        let of = root.map_or("this machine".into(), |file| file.display().to_string());
        return Err(refused(&format!("{of} has no certificates to trust")));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Driver(error.to_string()))?;
    Ok(config.with_root_certificates(trusted).with_no_client_auth())
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    read.map_err(|error| refused(&format!("{}, its sslrootcert, cannot be read: {error}", file.display())))
}

fn refused(why: &str) -> Error {
    Error::Driver(format!("the database URL: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_postgres::config::SslMode;

    fn refusal(url: &str) -> String {
        Target::of(url).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_url_that_says_nothing_of_it_is_not_encrypted() {
        for url in ["postgres://u@h/d", "postgres://u@h/d?sslmode=disable", "postgres://u@h/d?"] {
            let target = Target::of(url).unwrap();
            assert!(target.tls.is_none(), "{url}");
            assert_eq!(target.config.get_ssl_mode(), SslMode::Disable, "{url}");
        }
        let kept = Target::of("postgres://u@h/d?application_name=forms&sslmode=disable").unwrap();
        assert_eq!(kept.config.get_application_name(), Some("forms"));
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        assert_eq!(
            refusal("postgres://u:secret@h/d?sslmode=prefer"),
            "the database failed: the database URL: its sslmode has to be disable, require or verify-full"
        );
        assert_eq!(
            refusal("postgres://u:secret@h/d?sslrootcert=ca.pem"),
            "the database failed: the database URL: sslrootcert is for sslmode=verify-full"
        );
        assert_eq!(
            refusal("postgres://u:secret@h:x/d"),
            "the database failed: the database URL: it cannot be read"
        );
        let none = refusal("postgres://u:secret@h/d?sslmode=require&sslrootcert=no%20such.pem");
        assert!(none.contains("no such.pem, its sslrootcert, cannot be read"), "{none}");
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "").unwrap();
        let none = refusal(&format!("postgres://h/d?sslmode=verify-full&sslrootcert={}", empty.display()));
        assert!(none.ends_with("empty.pem has no certificates to trust"), "{none}");
    }
}
