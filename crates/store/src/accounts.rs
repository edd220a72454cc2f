//! Accounts, users and tokens.
//!
//! Must not know: who may do what.

use crate::document;
use crate::value::{Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{Account, AccountId, SubmissionId, Timestamp, Token, User, UserId};
use std::collections::BTreeMap;

const ACCOUNT: &str = "SELECT id, user_dir, name, timezone FROM accounts WHERE id = $1";
const ACCOUNT_IN: &str = "SELECT id, user_dir, name, timezone FROM accounts WHERE user_dir = $1";
const ACCOUNTS_AFTER: &str =
    "SELECT id, user_dir, name, timezone FROM accounts WHERE id > $1 ORDER BY id LIMIT $2";
const PUT_ACCOUNT: &str = "INSERT INTO accounts (id, user_dir, name, timezone, next_submission_id) \
     VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (id) DO UPDATE SET user_dir = excluded.user_dir, name = excluded.name, timezone = excluded.timezone";
const CREATE_ACCOUNT: &str = "INSERT INTO accounts (id, user_dir, name, timezone, next_submission_id) \
     VALUES ($1, $2, $3, $4, $5)";
const FREE_ACCOUNT_ID: &str = "SELECT COALESCE(MAX(id), 0) + 1 FROM accounts";
const CREATE_USER: &str = "INSERT INTO users (id, account_id, email, name) VALUES ($1, $2, $3, $4)";
const FREE_USER_ID: &str = "SELECT COALESCE(MAX(id), 0) + 1 FROM users";
const RENAME_ACCOUNT: &str = "UPDATE accounts SET name = $1 WHERE id = $2";
const SET_TIMEZONE: &str = "UPDATE accounts SET timezone = $1 WHERE id = $2";
const TAKE_SUBMISSION_IDS: &str = "UPDATE accounts SET next_submission_id = next_submission_id + $1 WHERE id = $2 \
     RETURNING next_submission_id";
const RESERVE_SUBMISSION_IDS: &str =
    "UPDATE accounts SET next_submission_id = $1 WHERE id = $2 AND next_submission_id < $1";
const USER: &str = "SELECT id, account_id, email, name FROM users WHERE id = $1";
const FIRST_USER: &str =
    "SELECT id, account_id, email, name FROM users WHERE account_id = $1 ORDER BY id LIMIT 1";
const USERS_AFTER: &str = "SELECT id, account_id, email, name FROM users WHERE id > $1 ORDER BY id LIMIT $2";
const COUNT_USERS: &str = "SELECT COUNT(*) FROM users WHERE account_id = $1";
const PUT_USER: &str = "INSERT INTO users (id, account_id, email, name) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, email = excluded.email, name = excluded.name";
const TOKEN: &str = "SELECT hash, account_id, user_id, name, abilities, position FROM tokens WHERE hash = $1";
const TOKENS_AFTER: &str = "SELECT hash, account_id, user_id, name, abilities, position FROM tokens \
     WHERE position > $1 ORDER BY position LIMIT $2";
const TOKENS_OF: &str = "SELECT hash, account_id, user_id, name, abilities, position FROM tokens \
     WHERE account_id = $1 ORDER BY position";
const TOKEN_AT: &str = "SELECT hash, account_id, user_id, name, abilities, position FROM tokens \
     WHERE account_id = $1 AND position = $2";
const NEXT: &str = "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value";
const PUT_TOKEN: &str = "INSERT INTO tokens (hash, account_id, user_id, name, abilities, position) \
     VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (hash) DO UPDATE SET account_id = excluded.account_id, user_id = excluded.user_id, \
     name = excluded.name, abilities = excluded.abilities";
const MAKE_TOKEN: &str = "UPDATE tokens SET created_at = $1 WHERE hash = $2";
const USE_TOKEN: &str = "UPDATE tokens SET used_at = $1 WHERE hash = $2";
const TOKEN_DATES: &str = "SELECT position, created_at, used_at FROM tokens WHERE account_id = $1";
const DELETE_TOKEN: &str = "DELETE FROM tokens WHERE hash = $1";

/// The first submission id of an account: eight digits, as many as the ids after it will have for a long time, since
/// clients in the field compare ids as texts.
const FIRST_SUBMISSION_ID: i64 = 10_000_001;

/// When a token was made and last used, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenDates {
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was used last, or some time before.
    pub used_at: Option<Timestamp>,
}

impl Tx {
    /// The account of this id.
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        self.query_one(ACCOUNT, params![id.0], read_account).await
    }

    /// The account of this directory.
    pub async fn account_in(&mut self, user_dir: &str) -> Result<Option<Account>> {
        self.query_one(ACCOUNT_IN, params![user_dir], read_account).await
    }

    /// Up to `limit` accounts whose id is after `after`, by id.
    pub async fn accounts_after(&mut self, after: AccountId, limit: i64) -> Result<Vec<Account>> {
        self.query(ACCOUNTS_AFTER, params![after.0, limit], read_account).await
    }

    /// Stores an account, new or in place of the one with its id.
    pub async fn put_account(&mut self, account: &Account) -> Result<()> {
        let Account { id, user_dir, name, timezone } = account;
        let values = params![id.0, user_dir, name, timezone, FIRST_SUBMISSION_ID];
        self.execute(PUT_ACCOUNT, values).await.map(drop)
    }

    /// An id that no account has. Whoever is quicker may have it by the time that it is used.
    pub async fn free_account_id(&mut self) -> Result<AccountId> {
        let free = self.query_one(FREE_ACCOUNT_ID, params![], |row| row.int(0)).await?;
        Ok(AccountId(free.unwrap_or(1)))
    }

    /// Stores a new account.
    ///
    /// # Errors
    /// [`Error::Constraint`]: another has its id or its directory.
    pub async fn create_account(&mut self, account: &Account) -> Result<()> {
        let Account { id, user_dir, name, timezone } = account;
        let values = params![id.0, user_dir, name, timezone, FIRST_SUBMISSION_ID];
        self.execute(CREATE_ACCOUNT, values).await.map(drop)
    }

    /// Gives an account another name.
    pub async fn rename_account(&mut self, id: AccountId, name: &str) -> Result<()> {
        self.execute(RENAME_ACCOUNT, params![name, id.0]).await.map(drop)
    }

    /// Gives an account another time zone.
    pub async fn set_account_timezone(&mut self, id: AccountId, timezone: &str) -> Result<()> {
        self.execute(SET_TIMEZONE, params![timezone, id.0]).await.map(drop)
    }

    /// Takes `count` submission ids of an account, one after the other, and gives the first; none where there is no such
    /// account.
    pub async fn take_submission_ids(
        &mut self,
        account: AccountId,
        count: i64,
    ) -> Result<Option<SubmissionId>> {
        let next = self.query_one(TAKE_SUBMISSION_IDS, params![count, account.0], |row| row.int(0)).await?;
        Ok(next.map(|next| SubmissionId(next - count)))
    }

    /// Makes sure that no id up to `last` is handed out from now on.
    pub async fn reserve_submission_ids(&mut self, account: AccountId, last: SubmissionId) -> Result<()> {
        self.execute(RESERVE_SUBMISSION_IDS, params![last.0 + 1, account.0]).await.map(drop)
    }

    /// The user of this id.
    pub async fn user(&mut self, id: UserId) -> Result<Option<User>> {
        self.query_one(USER, params![id.0], read_user).await
    }

    /// The account's user of the lowest id.
    pub async fn first_user(&mut self, account: AccountId) -> Result<Option<User>> {
        self.query_one(FIRST_USER, params![account.0], read_user).await
    }

    /// How many users an account has.
    pub async fn count_users(&mut self, account: AccountId) -> Result<i64> {
        Ok(self.query_one(COUNT_USERS, params![account.0], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Up to `limit` users whose id is after `after`, by id.
    pub async fn users_after(&mut self, after: UserId, limit: i64) -> Result<Vec<User>> {
        self.query(USERS_AFTER, params![after.0, limit], read_user).await
    }

    /// An id that no user has. Whoever is quicker may have it by the time that it is used.
    pub async fn free_user_id(&mut self) -> Result<UserId> {
        let free = self.query_one(FREE_USER_ID, params![], |row| row.int(0)).await?;
        Ok(UserId(free.unwrap_or(1)))
    }

    /// Stores a new user.
    ///
    /// # Errors
    /// [`Error::Constraint`]: another has its id.
    pub async fn create_user(&mut self, user: &User) -> Result<()> {
        let values = params![user.id.0, user.account_id.0, &user.email, user.name.as_deref()];
        self.execute(CREATE_USER, values).await.map(drop)
    }

    /// Stores a user, new or in place of the one with its id.
    pub async fn put_user(&mut self, user: &User) -> Result<()> {
        let values = params![user.id.0, user.account_id.0, &user.email, user.name.as_deref()];
        self.execute(PUT_USER, values).await.map(drop)
    }

    /// The token whose secret has this hash.
    pub async fn token(&mut self, hash: &str) -> Result<Option<Token>> {
        Ok(self.query_one(TOKEN, params![hash], read_token).await?.map(|(token, _)| token))
    }

    /// Up to `limit` tokens whose position is after `after`, with their positions: the order in which they came.
    pub async fn tokens_after(&mut self, after: i64, limit: i64) -> Result<Vec<(Token, i64)>> {
        self.query(TOKENS_AFTER, params![after, limit], read_token).await
    }

    /// Stores a token, new or in place of the one with its hash.
    pub async fn put_token(&mut self, token: &Token) -> Result<()> {
        let position = self.next_token_position().await?;
        self.put_token_at(token, position).await
    }

    /// A position that no token has or had.
    pub async fn next_token_position(&mut self) -> Result<i64> {
        self.next_number("token_position").await
    }

    /// The tokens of an account with their positions, in their order.
    pub async fn tokens_of(&mut self, account: AccountId) -> Result<Vec<(Token, i64)>> {
        self.query(TOKENS_OF, params![account.0], read_token).await
    }

    /// The account's token at a position.
    pub async fn token_at(&mut self, account: AccountId, position: i64) -> Result<Option<Token>> {
        let found = self.query_one(TOKEN_AT, params![account.0, position], read_token).await?;
        Ok(found.map(|(token, _)| token))
    }

    /// Stores a token at a position that was handed out for it; one with its hash keeps its own.
    pub async fn put_token_at(&mut self, token: &Token, position: i64) -> Result<()> {
        let abilities = document::abilities_to_json(&token.abilities);
        let Token { hash, account_id, user_id, name, .. } = token;
        let values = params![hash, account_id.0, user_id.0, name, &abilities, position];
        self.execute(PUT_TOKEN, values).await.map(drop)
    }

    /// Says when a token was made.
    pub async fn date_token(&mut self, hash: &str, created_at: Timestamp) -> Result<()> {
        self.execute(MAKE_TOKEN, params![created_at, hash]).await.map(drop)
    }

    /// Says that a token was used.
    pub async fn use_token(&mut self, hash: &str, used_at: Timestamp) -> Result<()> {
        self.execute(USE_TOKEN, params![used_at, hash]).await.map(drop)
    }

    /// When each token of an account was made and last used, as far as that is known, by its position.
    pub async fn token_dates(&mut self, account: AccountId) -> Result<BTreeMap<i64, TokenDates>> {
        let read = |row: Row<'_>| {
            let dates = TokenDates { created_at: row.instant_or_null(1)?, used_at: row.instant_or_null(2)? };
            Ok((row.int(0)?, dates))
        };
        Ok(self.query(TOKEN_DATES, params![account.0], read).await?.into_iter().collect())
    }

    /// Deletes a token; whether there was one.
    pub async fn delete_token(&mut self, hash: &str) -> Result<bool> {
        Ok(self.execute(DELETE_TOKEN, params![hash]).await? == 1)
    }

    /// The next number of a counter.
    pub(crate) async fn next_number(&mut self, counter: &str) -> Result<i64> {
        let next = self.query_one(NEXT, params![counter], |row| row.int(0)).await?;
        next.ok_or_else(|| Error::inconsistent("counters", counter, "it is missing"))
    }
}

fn read_account(row: Row<'_>) -> Result<Account> {
    Ok(Account {
        id: AccountId(row.int(0)?),
        user_dir: row.text(1)?,
        name: row.text(2)?,
        timezone: row.text(3)?,
    })
}

fn read_user(row: Row<'_>) -> Result<User> {
    let account_id = AccountId(row.int(1)?);
    Ok(User { id: UserId(row.int(0)?), account_id, email: row.text(2)?, name: row.text_or_null(3)? })
}

fn read_token(row: Row<'_>) -> Result<(Token, i64)> {
    let hash = row.text(0)?;
    let abilities = document::abilities_from_json(&row.text(4)?)
        .map_err(|error| Error::inconsistent("tokens", &hash, error))?;
    let (account_id, user_id) = (AccountId(row.int(1)?), UserId(row.int(2)?));
    Ok((Token { hash, account_id, user_id, name: row.text(3)?, abilities }, row.int(5)?))
}
