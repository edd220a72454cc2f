//! The database and the blobs.
//!
//! Must not know: SQL.

use super::Finding;
use crate::config::Config;
use crate::wiring;
use fillhouse_engine::Engine;
use fillhouse_model::Clock as _;

/// By how many seconds two clocks may differ.
const SKEW_SECONDS: i64 = 30;
/// The oldest PostgreSQL that its makers still mend.
const OLDEST_POSTGRES: u32 = 14;
/// How many faults are named.
const MOST_NAMED: usize = 3;

pub(super) async fn findings(config: &Config, is_quick: bool) -> Vec<Finding> {
    if config.database_url.is_none() && !config.data_dir.join("fillhouse.sqlite").exists() {
        let says = format!("there is none in {}", config.data_dir.display());
        return vec![Finding::error(
            "database",
            says,
            "name the right folder with --data-dir, or begin: fillhouse serve",
        )];
    }
    // Its schema is left as it is: whoever asks what is wrong has not asked to change it.
    let engine = match wiring::open(config, "doctor", config.listen).await {
        Ok(engine) => engine,
        Err(error) => {
            let to_do = "see that the database runs, and that --database-url is right";
            return vec![Finding::error("database", format!("{error:#}"), to_do)];
        }
    };
    let mut findings = vec![match engine.check_schema().await {
        Ok(()) => Finding::ok("schema", "is this program's"),
        Err(error) => Finding::error(
            "schema",
            error.to_string(),
            "`fillhouse migrate`, or start the server, which does so",
        ),
    }];
    if !is_quick {
        findings.extend(soundness(&engine).await);
        findings.push(blobbing(&engine).await);
    }
    findings.push(match engine.readiness().await.blobs {
        Ok(()) => Finding::ok("blobs", "can be written and read back"),
        Err(error) => {
            Finding::error("blobs", error, "see that --blob-url is right, and that it can be written into")
        }
    });
    findings.extend(work(&engine).await);
    findings
}

async fn soundness(engine: &Engine) -> Vec<Finding> {
    let sound = match engine.soundness().await {
        Ok(sound) => sound,
        Err(error) => {
            return vec![Finding::error("database", error.to_string(), "see that the database runs")];
        }
    };
    let kind = engine.database_kind();
    let mut findings = Vec::new();
    let named = sound.faults.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
    let major: Option<u32> =
        sound.version.split('.').next().and_then(|major| major.split(' ').next()?.parse().ok());
    findings.push(if !sound.faults.is_empty() {
        let to_do = "stop the server, keep a copy of the data folder, and restore the last backup; `fillhouse dump` may save what can be read";
        Finding::error("database", format!("{kind} {}: {} faults: {named}", sound.version, sound.faults.len()), to_do)
    } else if kind == "postgres" && major.is_some_and(|major| major < OLDEST_POSTGRES) {
        let says = format!("PostgreSQL {} is not mended any more", sound.version);
        Finding::warning("database", says, format!("move to PostgreSQL {OLDEST_POSTGRES} or later"))
    } else {
        Finding::ok("database", format!("{kind} {}, sound", sound.version))
    });
    let ours = crate::clock::SystemClock.now().micros() / 1_000_000;
    let skew = (ours - sound.clock_seconds).abs();
    findings.push(if skew > SKEW_SECONDS {
        let to_do = "set both by NTP: timedatectl set-ntp true";
        Finding::warning("clock", format!("the database's is {skew} s from this machine's"), to_do)
    } else {
        Finding::ok("clock", format!("{skew} s from the database's"))
    });
    findings
}

async fn blobbing(engine: &Engine) -> Finding {
    match engine.blobbing().await {
        Err(error) => Finding::error("rows and blobs", error.to_string(), "see that the blobs can be read"),
        Ok(found) if found.missing.is_empty() => {
            let unnamed = match found.unnamed {
                0 => String::new(),
                count => format!("; {count} more are of work under way, or will be swept"),
            };
            Finding::ok("rows and blobs", format!("{} blobs are where they should be{unnamed}", found.named))
        }
        Ok(found) => {
            let named = found.missing.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
            let says = format!("{} blobs are not as they should be: {named}", found.missing.len());
            let to_do = "look at the disk; renditions are made anew when an export needs them, uploads come from the last backup";
            Finding::error("rows and blobs", says, to_do)
        }
    }
}

async fn work(engine: &Engine) -> Vec<Finding> {
    match (engine.unfinished_jobs().await, engine.owed_deliveries().await) {
        (Ok(jobs), Ok(owed)) => {
            vec![Finding::ok("work", format!("{jobs} exports wait or run, {owed} deliveries are owed"))]
        }
        // The schema's finding says why.
        _ => Vec::new(),
    }
}
