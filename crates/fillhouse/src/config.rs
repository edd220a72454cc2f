//! The settings: flag, then environment, then file, then default.
//!
//! Guarantees: a key that nobody knows is an error, in the file and in the environment; a secret is never shown.
//!
//! Must not know: what a setting does.

use anyhow::{Context as _, Result, anyhow, bail};
use fillhouse_engine::{BlobUrl, RateLimits};
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a server listens where nothing else is said.
pub(crate) const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// The settings as flags, as variables of the environment, and as keys of the file.
#[derive(Debug, Default, Clone, clap::Args, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// A file of settings (TOML; the keys are the flags' names with underscores)
    #[arg(long, env = "FILLHOUSE_CONFIG", value_name = "FILE", global = true)]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The folder that everything is kept in [default: fillhouse-data]
    #[arg(long, env = "FILLHOUSE_DATA_DIR", value_name = "DIR", global = true)]
    pub(crate) data_dir: Option<PathBuf>,
    /// The address to listen at; port 0 takes any free one [default: 127.0.0.1:8080]
    #[arg(long, env = "FILLHOUSE_LISTEN", value_name = "ADDRESS", global = true)]
    pub(crate) listen: Option<SocketAddr>,
    /// What the addresses of files and forms begin with, as seen from outside [default: the address listened at]
    #[arg(long, env = "FILLHOUSE_PUBLIC_URL", value_name = "URL", global = true)]
    public_url: Option<String>,
    /// The database: postgres://… [default: SQLite in the data folder]
    #[arg(long, env = "FILLHOUSE_DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    /// A file that holds the database's URL
    #[arg(long, env = "FILLHOUSE_DATABASE_URL_FILE", value_name = "FILE", global = true)]
    database_url_file: Option<PathBuf>,
    #[expect(clippy::doc_markdown, reason = "the help shows it as it is")]
    /// Where files are kept: file:FOLDER, or s3://BUCKET/PREFIX with keys as the AWS_ variables name them [default: the folder blobs in the data folder]
    #[arg(long, env = "FILLHOUSE_BLOB_URL", value_name = "URL", global = true)]
    blob_url: Option<String>,
    /// How long a finished export can be downloaded, such as 24h or 90m [default: 24h]
    #[arg(long, env = "FILLHOUSE_ARTIFACT_TTL", value_name = "DURATION", global = true)]
    artifact_ttl: Option<String>,
    /// How long a rendered block that no export needs is kept for the next one [default: 168h]
    #[arg(long, env = "FILLHOUSE_RENDITION_TTL", value_name = "DURATION", global = true)]
    rendition_ttl: Option<String>,
    /// How much disk rendered blocks may take that nothing is made of any more, such as 20GiB [default: 20GiB]
    #[arg(long, env = "FILLHOUSE_RENDITION_BUDGET", value_name = "SIZE", global = true)]
    rendition_budget: Option<String>,
    /// How long a submission that was changed can still be read as it was [default: 720h]
    #[arg(long, env = "FILLHOUSE_VERSION_TTL", value_name = "DURATION", global = true)]
    version_ttl: Option<String>,
    /// How many bytes a file may have that is uploaded [default: 20000000]
    #[arg(long, env = "FILLHOUSE_UPLOAD_LIMIT", value_name = "BYTES", global = true)]
    upload_limit: Option<u64>,
    #[expect(clippy::doc_markdown, reason = "the help shows it as it is")]
    /// Networks that webhooks may lead into although they are private, such as 10.0.0.0/8,fd00::/8 [default: none]
    #[arg(long, env = "FILLHOUSE_WEBHOOK_ALLOW", value_name = "NETWORKS", global = true)]
    webhook_allow: Option<String>,
    /// How long the log of what was sent to webhooks is kept [default: 336h]
    #[arg(long, env = "FILLHOUSE_DELIVERY_TTL", value_name = "DURATION", global = true)]
    delivery_ttl: Option<String>,
    /// The folder below which schedules may put exports, in a folder for each account [default: none]
    #[arg(long, env = "FILLHOUSE_EXPORT_FOLDER", value_name = "DIR", global = true)]
    export_folder: Option<PathBuf>,
    /// How many submissions may share a commit [default: 512]
    #[arg(long, env = "FILLHOUSE_INGEST_BATCH", value_name = "COUNT", global = true)]
    ingest_batch: Option<usize>,
    /// How many blocks are rendered at once [default: as many as there are cores]
    #[arg(long, env = "FILLHOUSE_RENDER_THREADS", value_name = "COUNT", global = true)]
    render_threads: Option<usize>,
    /// How many exports run at once [default: 4]
    #[arg(long, env = "FILLHOUSE_EXPORT_JOBS", value_name = "COUNT", global = true)]
    export_jobs: Option<usize>,
    /// How much memory searching and sorting may keep, such as 256MiB [default: 256MiB]
    #[arg(long, env = "FILLHOUSE_COLUMN_CACHE", value_name = "SIZE", global = true)]
    column_cache: Option<String>,
    /// How many v2 calls an account may make in a minute; 0 is any number [default: 50]
    #[arg(long, env = "FILLHOUSE_RATE_LIMIT_PER_MINUTE", value_name = "COUNT", global = true)]
    rate_limit_per_minute: Option<u32>,
    /// How many v2 calls an account may make in a day; 0 is any number [default: 10000]
    #[arg(long, env = "FILLHOUSE_RATE_LIMIT_PER_DAY", value_name = "COUNT", global = true)]
    rate_limit_per_day: Option<u32>,
    /// How logs are written: text or json [default: text on a terminal, else json]
    #[arg(long, env = "FILLHOUSE_LOG_FORMAT", value_name = "FORMAT", global = true)]
    pub(crate) log_format: Option<LogFormat>,
    #[expect(clippy::doc_markdown, reason = "the help shows it as it is")]
    /// What is logged, such as info or warn,fillhouse_engine=debug [default: info]
    #[arg(long, env = "FILLHOUSE_LOG", value_name = "FILTER", global = true)]
    pub(crate) log: Option<String>,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines: an object a line.
    Json,
}

/// The settings, each with its value.
pub(crate) struct Config {
    pub(crate) data_dir: PathBuf,
    pub(crate) listen: SocketAddr,
    /// None where the address that is listened at will do.
    pub(crate) public_url: Option<String>,
    pub(crate) database_url: Option<String>,
    pub(crate) blobs: BlobUrl,
    pub(crate) artifact_ttl: Duration,
    pub(crate) rendition_ttl: Duration,
    pub(crate) rendition_budget_bytes: usize,
    pub(crate) version_ttl: Duration,
    pub(crate) upload_limit: u64,
    pub(crate) webhook_allow: Vec<IpNet>,
    pub(crate) delivery_ttl: Duration,
    pub(crate) export_folder: Option<PathBuf>,
    pub(crate) ingest_batch: usize,
    pub(crate) render_threads: usize,
    pub(crate) export_jobs: usize,
    pub(crate) column_cache_bytes: usize,
    pub(crate) rate_limits: RateLimits,
}

/// The variables of the environment that mean something.
const VARIABLES: [&str; 23] = [
    "CONFIG",
    "DATA_DIR",
    "LISTEN",
    "PUBLIC_URL",
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "BLOB_URL",
    "ARTIFACT_TTL",
    "RENDITION_TTL",
    "RENDITION_BUDGET",
    "VERSION_TTL",
    "UPLOAD_LIMIT",
    "WEBHOOK_ALLOW",
    "DELIVERY_TTL",
    "EXPORT_FOLDER",
    "INGEST_BATCH",
    "RENDER_THREADS",
    "EXPORT_JOBS",
    "COLUMN_CACHE",
    "RATE_LIMIT_PER_MINUTE",
    "RATE_LIMIT_PER_DAY",
    "LOG_FORMAT",
    "LOG",
];

/// The variables of single commands.
const VARIABLES_OF_COMMANDS: [&str; 3] = ["SERVER", "TOKEN", "TOKEN_FILE"];

/// A variable that begins as ours do and is none of them is a slip that would otherwise go unnoticed.
pub(crate) fn refuse_unknown_variables(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<()> {
    let known: BTreeSet<&str> = VARIABLES.into_iter().chain(VARIABLES_OF_COMMANDS).collect();
    for (name, _) in variables {
        let name = name.to_string_lossy();
        if let Some(key) = name.strip_prefix("FILLHOUSE_")
            && !known.contains(key)
        {
            bail!("the environment has {name}, which is no setting; see `fillhouse serve --help`");
        }
    }
    Ok(())
}

impl Options {
    /// Fills in what the file of settings says, where flags and environment say nothing.
    pub(crate) fn with_file(self) -> Result<Self> {
        let Some(path) = &self.config else { return Ok(self) };
        let text = read(path)?;
        let file: Self = toml::from_str(&text).map_err(|error| {
            // Its own text would show the line, and a secret may be there.
            let line = 1 + error.span().map_or(0, |span| text[..span.start].matches('\n').count());
            anyhow!("{}:{line}: {}", path.display(), error.message())
        })?;
        Ok(Self {
            data_dir: self.data_dir.or(file.data_dir),
            listen: self.listen.or(file.listen),
            public_url: self.public_url.or(file.public_url),
            database_url: self.database_url.or(file.database_url),
            database_url_file: self.database_url_file.or(file.database_url_file),
            blob_url: self.blob_url.or(file.blob_url),
            artifact_ttl: self.artifact_ttl.or(file.artifact_ttl),
            rendition_ttl: self.rendition_ttl.or(file.rendition_ttl),
            rendition_budget: self.rendition_budget.or(file.rendition_budget),
            version_ttl: self.version_ttl.or(file.version_ttl),
            upload_limit: self.upload_limit.or(file.upload_limit),
            webhook_allow: self.webhook_allow.or(file.webhook_allow),
            delivery_ttl: self.delivery_ttl.or(file.delivery_ttl),
            export_folder: self.export_folder.or(file.export_folder),
            ingest_batch: self.ingest_batch.or(file.ingest_batch),
            render_threads: self.render_threads.or(file.render_threads),
            export_jobs: self.export_jobs.or(file.export_jobs),
            column_cache: self.column_cache.or(file.column_cache),
            rate_limit_per_minute: self.rate_limit_per_minute.or(file.rate_limit_per_minute),
            rate_limit_per_day: self.rate_limit_per_day.or(file.rate_limit_per_day),
            log_format: self.log_format.or(file.log_format),
            log: self.log.or(file.log),
            config: self.config,
        })
    }

    /// The settings, with `default_data_dir` where nobody says a folder.
    pub(crate) fn resolve(self, default_data_dir: &str) -> Result<Config> {
        let data_dir = self.data_dir.unwrap_or_else(|| PathBuf::from(default_data_dir));
        let default_listen = DEFAULT_LISTEN.parse().context("the default address")?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Config {
            listen: self.listen.unwrap_or(default_listen),
            public_url: self.public_url.as_deref().map(public_url).transpose()?,
            database_url: secret("database-url", self.database_url, self.database_url_file)?,
            blobs: blobs(self.blob_url.as_deref(), &data_dir)?,
            artifact_ttl: duration("artifact-ttl", self.artifact_ttl.as_deref(), 24)?,
            rendition_ttl: duration("rendition-ttl", self.rendition_ttl.as_deref(), 7 * 24)?,
            rendition_budget_bytes: size_bytes(
                "rendition-budget",
                self.rendition_budget.as_deref().unwrap_or("20GiB"),
            )?,
            version_ttl: duration("version-ttl", self.version_ttl.as_deref(), 30 * 24)?,
            upload_limit: self.upload_limit.unwrap_or(20_000_000),
            webhook_allow: networks("webhook-allow", self.webhook_allow.as_deref())?,
            delivery_ttl: duration("delivery-ttl", self.delivery_ttl.as_deref(), 14 * 24)?,
            export_folder: self.export_folder,
            ingest_batch: at_least_one("ingest-batch", self.ingest_batch, 512)?,
            render_threads: at_least_one("render-threads", self.render_threads, cores)?,
            export_jobs: at_least_one("export-jobs", self.export_jobs, 4)?,
            column_cache_bytes: size_bytes("column-cache", self.column_cache.as_deref().unwrap_or("256MiB"))?,
            rate_limits: RateLimits {
                per_minute: self.rate_limit_per_minute.unwrap_or(50),
                per_day: self.rate_limit_per_day.unwrap_or(10_000),
            },
            data_dir,
        })
    }
}

/// A secret, given itself or by the file that holds it, but not both.
pub(crate) fn secret(name: &str, value: Option<String>, file: Option<PathBuf>) -> Result<Option<String>> {
    match (value, file) {
        (Some(_), Some(_)) => bail!("{name} and {name}-file are both set: leave one of them out"),
        (None, Some(path)) => Ok(Some(read(&path)?.trim().to_owned())),
        (value, None) => Ok(value),
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// An address to put paths behind.
fn public_url(url: &str) -> Result<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.trim_matches('/').is_empty() && !rest.contains(['?', '#', ' ']) => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        _ => Err(anyhow!("public-url: {url:?} is not of the form https://HOST")),
    }
}

fn blobs(url: Option<&str>, data_dir: &Path) -> Result<BlobUrl> {
    let Some(url) = url else { return Ok(BlobUrl::Folder(data_dir.join("blobs"))) };
    if let Some(path) = url.strip_prefix("file:").filter(|path| !path.is_empty()) {
        return Ok(BlobUrl::Folder(PathBuf::from(path.strip_prefix("//").unwrap_or(path))));
    }
    let place = url.strip_prefix("s3://").unwrap_or_default();
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let is_plain = |text: &str, others: &str| {
        text.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
    };
    if bucket.is_empty() || !is_plain(bucket, ".-_") || !is_plain(prefix, "./-_=") || prefix.contains("..") {
        bail!("blob-url: {url:?} is not of the form file:FOLDER or s3://BUCKET/PREFIX");
    }
    Ok(BlobUrl::Bucket { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
}

fn duration(name: &str, text: Option<&str>, default_hours: u64) -> Result<Duration> {
    let Some(text) = text else {
        return Ok(Duration::from_secs(default_hours * 3_600));
    };
    let parsed: jiff::SignedDuration =
        text.parse().map_err(|_| anyhow!("{name}: {text:?} is not a duration such as 24h or 90m"))?;
    Duration::try_from(parsed).map_err(|_| anyhow!("{name}: {text:?} is negative"))
}

/// Networks, or single addresses, with commas in between.
fn networks(name: &str, text: Option<&str>) -> Result<Vec<IpNet>> {
    let parts = text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty());
    let network = |part: &str| {
        let network = part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| anyhow!("{name}: {part:?} is not a network such as 10.0.0.0/8"))
    };
    parts.map(network).collect()
}

/// A number of bytes, as such or in KiB, MiB or GiB.
fn size_bytes(name: &str, text: &str) -> Result<usize> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("", 0)];
    let split = units.iter().find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)));
    let bytes =
        split.and_then(|(number, shift)| number.trim().parse::<usize>().ok()?.checked_mul(1 << shift));
    bytes.with_context(|| format!("{name}: {text:?} is not a size such as 256MiB"))
}

fn at_least_one(name: &str, value: Option<usize>, default: usize) -> Result<usize> {
    match value.unwrap_or(default) {
        0 => bail!("{name} must be at least 1"),
        count => Ok(count),
    }
}

#[cfg(test)]
mod tests;
