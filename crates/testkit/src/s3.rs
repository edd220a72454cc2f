//! An S3 server of a test's own, in its process: on a loopback port, with a bucket in a folder that goes with its value.
//!
//! Guarantees that signatures are checked, and that its port is free again once its value is gone. It must not know what is
//! kept in it.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s::{S3Result, s3_error};
use s3s_fs::FileSystem;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The bucket that there is.
const BUCKET: &str = "exports";
const ACCESS_KEY_ID: &str = "AKIATESTKIT";
const SECRET_ACCESS_KEY: &str = "a-secret-key-of-the-testkit";

/// Lets those in whose keys were found good, and into no bucket but the one that there is: the files behind it would make
/// another when something is put there, which no server does.
struct OneBucket;

#[async_trait::async_trait]
impl S3Access for OneBucket {
    async fn check(&self, asked: &mut S3AccessContext<'_>) -> S3Result<()> {
        if asked.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "without keys"));
        }
        match asked.s3_path().get_bucket_name() {
            Some(bucket) if bucket != BUCKET => Err(s3_error!(NoSuchBucket)),
            _ => Ok(()),
        }
    }
}

/// The server.
#[derive(Debug)]
pub struct S3Server {
    address: SocketAddr,
    folder: TempDir,
    // Taken when the server stops, which must not wait where a test runs.
    runtime: Option<Runtime>,
}

impl S3Server {
    /// Starts a server with an empty bucket.
    ///
    /// # Panics
    /// It cannot be started.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the bucket");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("the bucket is made");
        let files = FileSystem::new(folder.path()).expect("the folder is there");
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
        builder.set_access(OneBucket);
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
        listener.set_nonblocking(true).expect("it need not block");
        let address = listener.local_addr().expect("it has an address");
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().expect("a runtime starts");
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it listens");
            while let Ok((connection, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let http = auto::Builder::new(TokioExecutor::new());
                    // A client that is gone is not the server's matter.
                    http.serve_connection(TokioIo::new(connection), service).await.ok();
                });
            }
        });
        Self { address, folder, runtime: Some(runtime) }
    }

    /// Its address, as a URL.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The name of its bucket.
    #[must_use]
    pub fn bucket(&self) -> &'static str {
        BUCKET
    }

    /// The keys that it lets in: the id, and the secret.
    #[must_use]
    pub fn keys(&self) -> (&'static str, &'static str) {
        (ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    }

    /// What a program finds it by in its environment.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()),
        ]
    }

    /// Where an object is on the disk.
    #[must_use]
    pub fn path(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
