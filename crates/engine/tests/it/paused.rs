//! A worker that can be stopped in its tracks: as SIGSTOP does, and as `kill -9` does where it never goes on.
//!
//! The worker has a runtime of one thread, and its clock does not answer once there are so many blobs: then nothing of it
//! moves, neither its job nor its heartbeat.
//!
//! Must not know: what the worker does.

use crate::clock::HandClock;
use crate::house::{House, blobs_below};
use crate::waiting::wait_for;
use fillhouse_engine::{Engine, Random, Settings};
use fillhouse_model::{Clock, Timestamp};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// A worker that stops when there are so many blobs.
pub(crate) struct PausedWorker {
    gate: Arc<Gate>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

struct Gate {
    hand: Arc<HandClock>,
    folder: PathBuf,
    blobs: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Shut,
    Broken,
}

impl House {
    /// Starts a worker with these settings, and waits until it has stopped at its `blobs`th blob.
    pub(crate) async fn worker_paused_at(&self, blobs: usize, settings: Settings) -> PausedWorker {
        let gate = Arc::new(Gate {
            hand: self.clock.clone(),
            folder: self.blob_folder().to_owned(),
            blobs,
            state: Mutex::new(State::Open),
            changed: Condvar::new(),
        });
        let (stop, stopped) = oneshot::channel();
        let clock = gate.clone();
        let thread = std::thread::spawn(move || work(settings, clock, stopped));
        wait_for("the worker to stop", async || (*gate.state.lock().unwrap() == State::Shut).then_some(()))
            .await;
        PausedWorker { gate, stop, thread }
    }
}

fn work(settings: Settings, clock: Arc<Gate>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = Engine::open(settings, clock, Random::from_seed(3)).await.unwrap();
        engine.work(async { stopped.await.unwrap_or(()) }).await;
    });
}

impl PausedWorker {
    /// Lets it go on, until it stops by itself.
    pub(crate) fn wake(&self) {
        self.gate.set(State::Broken);
    }

    /// Lets it go on, ends it, and waits until it has ended.
    pub(crate) async fn stop(self) {
        self.gate.set(State::Broken);
        self.stop.send(()).unwrap();
        tokio::task::spawn_blocking(|| self.thread.join().unwrap()).await.unwrap();
    }
}

impl Gate {
    fn set(&self, state: State) {
        *self.state.lock().unwrap() = state;
        self.changed.notify_all();
    }
}

impl Clock for Gate {
    fn now(&self) -> Timestamp {
        let mut state = self.state.lock().unwrap();
        if *state == State::Open && blobs_below(&self.folder).len() >= self.blobs {
            *state = State::Shut;
        }
        let state = self.changed.wait_while(state, |state| *state == State::Shut);
        drop(state.unwrap());
        self.hand.now()
    }
}
