//! Logs and metrics of the process.
//!
//! Guarantees: logs go to standard error, as text where people read them and as an object a line elsewhere.
//!
//! Must not know: what is logged; callers keep secrets out.

use crate::config::{LogFormat, Options};
use anyhow::{Context as _, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// The bounds of the histograms of durations, in seconds.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Begins to log, with `default_filter` where no setting says otherwise.
pub(crate) fn log(options: &Options, default_filter: &str) -> Result<()> {
    let filter = options.log.as_deref().unwrap_or(default_filter);
    let filter =
        EnvFilter::builder().parse(filter).with_context(|| format!("log: {filter:?} is no filter"))?;
    let is_terminal = std::io::stderr().is_terminal();
    let format = options.log_format.unwrap_or(if is_terminal { LogFormat::Text } else { LogFormat::Json });
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs.with_ansi(is_terminal).with_target(false).init(),
        LogFormat::Json => logs.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Begins to count, and gives what shows the counts.
pub(crate) fn metrics() -> Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
        .context("the histograms' bounds")?
        .install_recorder()
        .context("the metrics do not begin")
}
