//! From settings to an engine.
//!
//! Must not know: commands.

use crate::clock::SystemClock;
use crate::config::Config;
use anyhow::{Context as _, Result, bail};
use fillhouse_engine::{
    BlobUrl, DatabaseUrl, DeliverySettings, DestinationSettings, Engine, Random, Settings, UploadSettings,
};
use fillhouse_model::{Account, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

/// Opens the engine of these settings, for a process that is known as `owner` and is reached at `address`.
pub(crate) async fn open(config: &Config, owner: &str, address: SocketAddr) -> Result<Engine> {
    make_folder(&config.data_dir)?;
    if let BlobUrl::Folder(folder) = &config.blobs {
        make_folder(folder)?;
    }
    let database = match &config.database_url {
        None => DatabaseUrl::Sqlite(config.data_dir.join("fillhouse.sqlite")),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            DatabaseUrl::Postgres(url.clone())
        }
        Some(_) => bail!("database-url: does not begin with postgres://"),
    };
    let settings = Settings {
        database,
        blobs: config.blobs.clone(),
        public_url: config.public_url.clone().unwrap_or_else(|| format!("http://{}", reached_at(address))),
        owner: owner.to_owned(),
        artifact_ttl: config.artifact_ttl,
        rendition_ttl: config.rendition_ttl,
        rendition_budget_bytes: i64::try_from(config.rendition_budget_bytes).unwrap_or(i64::MAX),
        version_ttl: config.version_ttl,
        ingest_batch: config.ingest_batch,
        render_threads: config.render_threads,
        export_jobs: config.export_jobs,
        uploads: UploadSettings { most_bytes: config.upload_limit },
        deliveries: DeliverySettings { allowed: config.webhook_allow.clone(), log_ttl: config.delivery_ttl },
        destinations: DestinationSettings { folder: config.export_folder.clone() },
        column_cache_bytes: config.column_cache_bytes,
        rate_limits: config.rate_limits,
    };
    Engine::open(settings, Arc::new(SystemClock), Random::from_system())
        .await
        .map_err(with_source)
        .context("the store cannot be opened")
}

/// Opens the engine for a command that puts something into a store, which is made where there is none, and brings the schema
/// up to date.
pub(crate) async fn open_for_command(config: &Config) -> Result<Engine> {
    let engine = open(config, "command", config.listen).await?;
    engine.migrate().await?;
    Ok(engine)
}

/// Opens the engine of a store that is there, under a name that nobody else has, since servers may do jobs of the same store.
pub(crate) async fn open_existing(config: &Config) -> Result<Engine> {
    let has_store = config.database_url.is_some() || config.data_dir.join("fillhouse.sqlite").exists();
    if !has_store {
        bail!("there is no store in {}: name its folder with --data-dir", config.data_dir.display());
    }
    let owner = format!("command-{:032x}", rand::random::<u128>());
    let engine = open(config, &owner, config.listen).await?;
    engine.migrate().await?;
    Ok(engine)
}

/// The account of this id or directory.
///
/// # Errors
/// There is none; those that there are are named.
pub(crate) async fn account_named(engine: &Engine, name: &str) -> Result<Account> {
    match engine.account_named(name).await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let all = engine.accounts().await.map_err(with_source)?;
            let names: Vec<&str> = all.iter().map(|known| known.user_dir.as_str()).collect();
            if names.is_empty() {
                bail!("there is no account yet: `fillhouse account create {name}` makes one");
            }
            bail!("there is no account {name}: these are {}", names.join(", "));
        }
        found => found.map_err(with_source),
    }
}

/// Where this machine reaches a server that listens at an address: "everywhere" is no place to go to.
fn reached_at(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

/// An engine's error with its source: on the command line the reader is the operator. What is wrong with a file stays known as
/// that, since it may be no more than that nobody reads on.
pub(crate) fn with_source(error: fillhouse_engine::Error) -> anyhow::Error {
    let Some(source) = std::error::Error::source(&error) else { return error.into() };
    let said = match source.downcast_ref::<std::io::Error>() {
        Some(of_file) => anyhow::Error::new(std::io::Error::new(of_file.kind(), of_file.to_string())),
        None => anyhow::Error::msg(source.to_string()),
    };
    said.context(error.to_string())
}

fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("the folder {} cannot be made", path.display()))
}
