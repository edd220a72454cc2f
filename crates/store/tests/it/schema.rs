//! The two schemas are one: the same tables, columns and keys, and nothing that only one database would mind.

use crate::database::Db;
use std::collections::BTreeSet;

const SQLITE_COLUMNS: &str = "SELECT tables.name, columns.name, columns.type, columns.\"notnull\", columns.pk \
     FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
     WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'";
const POSTGRES_COLUMNS: &str = "SELECT table_name, column_name, data_type, is_nullable \
     FROM information_schema.columns WHERE table_schema = 'public'";

const SQLITE_KEYS: &str = "SELECT tables.name, keys.\"unique\", \
     (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(keys.name) ORDER BY seqno)) \
     FROM sqlite_master AS tables, pragma_index_list(tables.name) AS keys WHERE tables.type = 'table'";
/// SQLite makes no index for a primary key that is the row's own number.
const SQLITE_ROW_NUMBERS: &str = "SELECT tables.name, 1, columns.name \
     FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
     WHERE tables.type = 'table' AND columns.pk = 1 AND columns.type = 'INTEGER' \
     AND NOT EXISTS (SELECT 1 FROM pragma_index_list(tables.name) AS keys WHERE keys.origin = 'pk')";
const POSTGRES_KEYS: &str = "SELECT indrelid::regclass, indisunique::int, \
     (SELECT string_agg(attname, ',' ORDER BY array_position(indkey::int2[], attnum)) \
      FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY (indkey)) \
     FROM pg_index WHERE indrelid::regclass::text NOT LIKE 'pg_%'";

const SQLITE_REFERENCES: &str = "SELECT tables.name, refs.\"from\", refs.\"table\", refs.\"to\" \
     FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS refs WHERE tables.type = 'table'";
const POSTGRES_REFERENCES: &str = "SELECT conrelid::regclass, here.attname, confrelid::regclass, there.attname \
     FROM pg_constraint \
     JOIN pg_attribute here ON here.attrelid = conrelid AND here.attnum = conkey[1] \
     JOIN pg_attribute there ON there.attrelid = confrelid AND there.attnum = confkey[1] \
     WHERE contype = 'f'";

/// Texts in a key whose order would depend on the machine's locale. The migrations' names begin with their numbers.
const POSTGRES_LOCALE_KEYS: &str = "SELECT DISTINCT attrelid::regclass, attname \
     FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) \
     WHERE atttypid = 'text'::regtype AND attcollation <> '\"C\"'::regcollation \
     AND indrelid::regclass::text NOT LIKE 'pg_%' AND indrelid <> 'migrations'::regclass";

async fn set(db: &Db, sql: &str) -> BTreeSet<Vec<String>> {
    db.rows(sql).await.into_iter().collect()
}

/// Table, column, type, and whether it may be nothing, in PostgreSQL's words.
fn in_words_of_postgres(column: Vec<String>) -> Vec<String> {
    let [table, name, kind, not_null, key]: [String; 5] = column.try_into().unwrap();
    let is_row_number = kind == "INTEGER" && key == "1";
    let kind = match kind.as_str() {
        "INTEGER" | "BIGINT" => "bigint",
        "TEXT" => "text",
        "BLOB" => "bytea",
        other => panic!("{table}.{name} is of type {other}"),
    };
    let nullable = if not_null == "1" || is_row_number { "NO" } else { "YES" };
    vec![table, name, kind.into(), nullable.into()]
}

#[tokio::test]
async fn both_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (Db::sqlite().await, Db::postgres().await);
    let columns: BTreeSet<_> =
        sqlite.rows(SQLITE_COLUMNS).await.into_iter().map(in_words_of_postgres).collect();
    assert!(columns.len() > 100, "{columns:?}");
    assert_eq!(columns, set(&postgres, POSTGRES_COLUMNS).await);
}

#[tokio::test]
async fn both_have_the_same_keys_and_indexes() {
    let (sqlite, postgres) = (Db::sqlite().await, Db::postgres().await);
    let mut keys = set(&sqlite, SQLITE_KEYS).await;
    keys.append(&mut set(&sqlite, SQLITE_ROW_NUMBERS).await);
    assert!(keys.len() > 30, "{keys:?}");
    assert_eq!(keys, set(&postgres, POSTGRES_KEYS).await);
}

#[tokio::test]
async fn both_have_the_same_references() {
    let (sqlite, postgres) = (Db::sqlite().await, Db::postgres().await);
    let references = set(&sqlite, SQLITE_REFERENCES).await;
    assert!(references.len() > 15, "{references:?}");
    assert_eq!(references, set(&postgres, POSTGRES_REFERENCES).await);
}

/// A system's update may change the order of texts in a locale, which breaks indexes that were built before; and what is
/// listed by a text must come in one order everywhere.
#[tokio::test]
async fn no_key_depends_on_a_locale() {
    let db = Db::postgres().await;
    assert_eq!(db.rows(POSTGRES_LOCALE_KEYS).await, Vec::<Vec<String>>::new());
}
