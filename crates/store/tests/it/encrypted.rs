//! Connections to PostgreSQL that are encrypted, to a real server with a real certificate.

use fillhouse_store::{DatabaseUrl, Error, Store};
use fillhouse_testkit::{Database, postgres, postgres_certificate};

async fn opened(url: String) -> Result<Store, Error> {
    Store::open(&DatabaseUrl::Postgres(url)).await
}

fn url(database: &Database, parameters: &str) -> String {
    format!("{}?{parameters}", database.url())
}

/// Why a database is not opened.
async fn refusal(url: String) -> String {
    opened(url).await.err().map(|error| error.to_string()).unwrap()
}

/// How many connections to the database are encrypted, and how many are not.
async fn connections(database: &Database) -> Vec<Vec<String>> {
    let count = "SELECT COUNT(*) FILTER (WHERE ssl), COUNT(*) FILTER (WHERE NOT ssl) \
         FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    crate::database::postgres_rows(database.url(), count).await
}

#[tokio::test]
async fn a_connection_is_encrypted_where_the_url_says_so() {
    let (database, certificate) = (postgres(), postgres_certificate());
    for mode in ["require", "verify-full"] {
        let store =
            opened(url(&database, &format!("sslmode={mode}&sslrootcert={certificate}"))).await.unwrap();
        store.migrate(crate::database::at(0)).await.unwrap();
        assert_eq!(connections(&database).await, [["1", "0"]], "{mode}");
    }
}

#[tokio::test]
async fn a_connection_is_not_encrypted_where_the_url_does_not() {
    let database = postgres();
    let _store = opened(database.url().to_owned()).await.unwrap();
    assert_eq!(connections(&database).await, [["0", "1"]]);
}

/// Encryption to whoever answers would hide nothing from who can answer.
#[tokio::test]
async fn a_server_that_is_not_trusted_is_not_talked_to() {
    let database = postgres();
    let refusal = refusal(url(&database, "sslmode=require")).await;
    assert!(refusal.contains("UnknownIssuer"), "{refusal}");
    assert_eq!(connections(&database).await, [["0", "0"]]);
}

#[tokio::test]
async fn a_certificate_of_another_name_is_not_enough() {
    let (database, certificate) = (postgres(), postgres_certificate());
    let elsewhere = url(&database, &format!("sslmode=require&sslrootcert={certificate}"));
    let refusal = refusal(elsewhere.replace("127.0.0.1", "localhost")).await;
    assert!(refusal.contains("not valid for name"), "{refusal}");
}
