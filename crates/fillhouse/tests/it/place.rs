//! Where an installation keeps its data, and the commands that are run on it.
//!
//! Guarantees: it goes with its value, a database on a server included.

use crate::run::{PROGRAM, Ran, fillhouse, run};
use fillhouse_testkit::{Database, S3Server, Server, ServerBuilder};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use tempfile::TempDir;

/// A data folder, and a database where it is not in there.
pub(crate) struct Place {
    folder: TempDir,
    database: Option<Rc<Database>>,
    blobs: Option<PathBuf>,
    bucket: Option<Rc<S3Server>>,
}

impl Place {
    /// An empty data folder with SQLite in it.
    pub(crate) fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None, blobs: None, bucket: None }
    }

    /// An empty data folder, and an empty database on the PostgreSQL server of the tests.
    pub(crate) fn postgres() -> Self {
        Self { database: Some(Rc::new(fillhouse_testkit::postgres())), ..Self::sqlite() }
    }

    /// The same with its blobs in an empty bucket.
    pub(crate) fn in_bucket(self) -> Self {
        Self { bucket: Some(Rc::new(S3Server::start())), ..self }
    }

    /// The same with its blobs in its data folder, where none of those in the bucket are.
    pub(crate) fn out_of_bucket(self) -> Self {
        Self { bucket: None, ..self }
    }

    /// A data folder of its own, with the database and the blobs of this place.
    pub(crate) fn sibling(&self) -> Self {
        Self { database: self.database.clone(), blobs: Some(self.blob_folder()), ..Self::sqlite() }
    }

    /// A copy of the data folder as it is on the disk, for a place with SQLite.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self { bucket: self.bucket.clone(), ..Self::sqlite() };
        let mut copying = Command::new("cp");
        copying.arg("-r").arg(self.data_dir().join(".")).arg(copy.data_dir());
        run(&mut copying).ok();
        copy
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn blob_folder(&self) -> PathBuf {
        self.blobs.clone().unwrap_or_else(|| self.data_dir().join("blobs"))
    }

    /// Drops the database while it may be in use.
    pub(crate) fn drop_database(&mut self) {
        let database = self.database.take().map(Rc::into_inner);
        assert!(database.flatten().is_some(), "no sibling has the database, too");
    }

    /// A command of the program on this place.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = fillhouse();
        command.args(arguments).envs(self.settings());
        command
    }

    /// Runs a command on this place, to its end.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments))
    }

    /// Imports a file.
    #[track_caller]
    pub(crate) fn import(&self, file: &Path) -> Ran {
        self.run(&["import", &file.to_string_lossy()]).ok()
    }

    /// Everything that is stored.
    #[track_caller]
    pub(crate) fn dump(&self) -> Vec<u8> {
        self.run(&["dump"]).ok().stdout
    }

    /// A server on this place, before it is started. It does not log each request: a test asks often how far it is.
    pub(crate) fn server(&self) -> ServerBuilder {
        let quiet = Server::builder(PROGRAM)
            .args(["serve"])
            .env("FILLHOUSE_LOG", "info,fillhouse_http=warn,tokio_postgres=warn");
        self.settings()
            .into_iter()
            .fold(quiet.data_dir(self.data_dir()), |builder, (name, value)| builder.env(name, value))
    }

    /// Starts a server on this place.
    #[track_caller]
    pub(crate) fn serve(&self) -> Server {
        self.server().start()
    }

    fn settings(&self) -> Vec<(&'static str, OsString)> {
        let mut settings = vec![("FILLHOUSE_DATA_DIR", self.data_dir().into())];
        if let Some(database) = &self.database {
            settings.push(("FILLHOUSE_DATABASE_URL", database.url().into()));
        }
        if let Some(blobs) = &self.blobs {
            settings.push(("FILLHOUSE_BLOB_URL", format!("file:{}", blobs.display()).into()));
        }
        if let Some(server) = &self.bucket {
            settings.push(("FILLHOUSE_BLOB_URL", format!("s3://{}/fillhouse", server.bucket()).into()));
            settings.extend(server.environment().into_iter().map(|(name, value)| (name, value.into())));
        }
        settings
    }
}
