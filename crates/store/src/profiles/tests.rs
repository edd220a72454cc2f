//! How the database finds a profile by its key.

use super::BY_KEY;
use crate::migrate::sqlite_schema;

/// `SQLite` once began with all profiles of the audience, since they are in the order that was asked for.
#[test]
fn a_profile_is_looked_up_by_its_key_and_not_looked_for() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(&sqlite_schema()).unwrap();
    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {BY_KEY}")).unwrap();
    let steps = plan.query_map((1, "email", 2), |row| row.get::<_, String>("detail")).unwrap();
    let steps: Vec<String> = steps.map(Result::unwrap).collect();
    assert_eq!(
        steps,
        [
            "SEARCH profile_keys USING PRIMARY KEY (audience_id=? AND key=?)",
            "SEARCH profiles USING PRIMARY KEY (audience_id=? AND id=?)",
        ]
    );
}
