//! `fillhouse serve`: the server, with its workers in the same process.
//!
//! Guarantees: on SIGTERM or SIGINT no new request is taken, those under way are answered unless their clients hang, and
//! unfinished jobs are given back at once.
//!
//! Must not know: routes.

use crate::config::Config;
use crate::instance::Instance;
use crate::wiring::with_source;
use crate::{telemetry, wiring};
use anyhow::{Context as _, Result};
use fillhouse_engine::Engine;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long clients have to take the answers under way once the server was told to stop: less than the ten seconds after
/// which the impatient kill.
const LEAVE_LIMIT: Duration = Duration::from_secs(8);

/// A server that is running.
pub(crate) struct Server {
    /// The address that it listens at.
    pub(crate) address: SocketAddr,
    /// What it serves.
    pub(crate) engine: Engine,
    tasks: JoinSet<Result<()>>,
    stop: watch::Sender<bool>,
    _instance: Instance,
}

/// Runs the server until it is told to stop.
pub(crate) async fn run(config: Config) -> Result<()> {
    let listener = listen(config.listen).await?;
    let server = Server::start(&config, listener).await?;
    // Before anyone knows the address: whoever does may say that it is enough, or take the database away.
    let signals = Signals::new()?;
    let welcome = server.engine.first_account_link().await.map_err(with_source)?;
    let link = server.engine.first_sign_in_link().await.map_err(with_source)?;
    println!("listening on http://{}", server.address);
    if let Some(welcome) = welcome {
        println!("there is no account yet: make the first at {welcome}");
    }
    if let Some(link) = link {
        println!("sign in to the console, once, at {link}");
    }
    tracing::info!(
        address = %server.address,
        database = server.engine.database_kind(),
        data_dir = %config.data_dir.display(),
        "serving"
    );
    server.run_until_told(signals).await
}

/// Takes an address to listen at.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen at {address}"))
}

impl Server {
    /// Starts serving, working and dropping what is due; ready when it returns, so that whoever reads the address finds a
    /// server that does its work.
    pub(crate) async fn start(config: &Config, listener: TcpListener) -> Result<Self> {
        std::fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("the folder {} cannot be made", config.data_dir.display()))?;
        let instance =
            Instance::take(&config.data_dir, || uuid::Uuid::from_u128(rand::random()).to_string())?;
        let address = listener.local_addr()?;
        let engine = wiring::open(config, &instance.id, address).await?;
        let migrated = engine.migrate().await?;
        if !migrated.applied.is_empty() {
            tracing::info!(migrations = ?migrated.applied, "the schema was brought up to date");
        }
        let metrics = telemetry::metrics()?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let router = fillhouse_http::router(engine.clone(), move || metrics.render());
        tasks.spawn({
            let (told, overdue) = (told(stopped.clone()), told(stopped.clone()));
            async move {
                tokio::select! {
                    served = fillhouse_http::serve(listener, router, told) => served.context("the server failed"),
                    () = async { overdue.await; tokio::time::sleep(LEAVE_LIMIT).await } => {
                        tracing::warn!("clients that would not end were left");
                        Ok(())
                    }
                }
            }
        });
        tasks.spawn({
            let (engine, told) = (engine.clone(), told(stopped.clone()));
            async move {
                engine.work(told).await;
                Ok(())
            }
        });
        tasks.spawn({
            let (engine, told) = (engine.clone(), told(stopped));
            async move {
                engine.retain(told).await;
                Ok(())
            }
        });
        let mut server = Self { address, engine, tasks, stop, _instance: instance };
        server.wait_for_worker().await?;
        Ok(server)
    }

    /// Until a worker looks for jobs; a part that fails before it does so fails the start.
    async fn wait_for_worker(&mut self) -> Result<()> {
        tokio::select! {
            () = self.engine.worker_looks() => Ok(()),
            Some(ended) = self.tasks.join_next() => ended.context("a part of the server panicked")?,
        }
    }

    /// Goes on until the process is told to stop, or a part fails.
    pub(crate) async fn run_until_told(mut self, mut signals: Signals) -> Result<()> {
        let ended = tokio::select! {
            ended = self.tasks.join_next() => ended,
            () = signals.told() => None,
        };
        let failed = ended.map_or(Ok(()), |ended| ended.context("a part of the server panicked")?);
        self.stop().await?;
        failed
    }

    /// Stops, and waits for what is under way.
    pub(crate) async fn stop(mut self) -> Result<()> {
        tracing::info!("stopping");
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended.context("a part of the server panicked")??;
        }
        Ok(())
    }
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is as good as being told.
    stopped.wait_for(|stopped| *stopped).await.ok();
}

/// SIGTERM and SIGINT, which from now on end the process only where somebody waits for them.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Begins to listen for them.
    pub(crate) fn new() -> Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be listened for");
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Waits for either.
    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
