//! Who is calling, and what they were let into.
//!
//! Guarantees: a handle is only made here, for the account of a known token that has the ability; everything a handle does
//! is within that account.
//!
//! Must not know: where a token stood in a request.

use crate::audit::{Actor, COMMAND_LINE};
use crate::{Engine, Error, Integrations, Result, Schedules};
use fillhouse_model::{Ability, AccountId, ErrorKind, Fault, Token, UserId};
use std::sync::Arc;

/// Whoever has a known token.
#[derive(Clone)]
pub struct Caller {
    pub(crate) engine: Engine,
    pub(crate) token: Arc<Token>,
    /// What it does things by, as the audit log has it.
    pub(crate) by: Arc<str>,
}

/// A caller that may read the forms of its account, and export them.
#[derive(Clone)]
pub struct FormsReader {
    pub(crate) engine: Engine,
    pub(crate) account: AccountId,
    pub(crate) user: UserId,
    pub(crate) actor: Actor,
}

/// A caller that may store submissions of its account's forms.
#[derive(Clone)]
pub struct FormsWriter {
    pub(crate) engine: Engine,
    pub(crate) account: AccountId,
    pub(crate) actor: Actor,
}

/// A caller that may read the profiles and segments of its account, and export them.
#[derive(Clone)]
pub struct ProfilesReader {
    pub(crate) engine: Engine,
    pub(crate) account: AccountId,
    pub(crate) user: UserId,
}

/// A caller that may store, change and delete the profiles and segments of its account.
#[derive(Clone)]
pub struct ProfilesWriter {
    pub(crate) engine: Engine,
    pub(crate) account: AccountId,
    pub(crate) actor: Actor,
}

impl Engine {
    /// The caller whose token has this secret.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownToken`] where there is no such token.
    pub async fn caller(&self, secret: &str) -> Result<Caller> {
        let token = self.token_of(secret).await?;
        let unknown = || Error::new(ErrorKind::UnknownToken, "the token is not known");
        let token = token.ok_or_else(unknown)?;
        let by = Actor::name_of_token(&token.name, &token.hash);
        Ok(Caller { engine: self.clone(), token, by })
    }

    /// Whoever runs the program on the store itself, as a caller that may do everything in an account; for the command line,
    /// which stands above all accounts.
    ///
    /// # Errors
    /// The account has no user to speak for.
    pub async fn operator(&self, account: AccountId) -> Result<Caller> {
        let user = self.parts.store.read(move |tx| Box::pin(tx.first_user(account))).await?;
        let user = user.ok_or_else(|| Fault::new("account", "has no user to speak for"))?;
        let token = Token {
            // Of no secret: it is in no table, and nothing is looked up by it.
            hash: String::new(),
            account_id: account,
            user_id: user.id,
            name: "operator".to_owned(),
            abilities: vec!["*".to_owned()],
        };
        Ok(Caller { engine: self.clone(), token: Arc::new(token), by: COMMAND_LINE.into() })
    }
}

impl Caller {
    /// The handle for reading forms.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks the ability.
    pub fn forms_reader(&self) -> Result<FormsReader> {
        self.must(Ability::FormsRead)?;
        let Token { account_id: account, user_id: user, .. } = *self.token;
        Ok(FormsReader { engine: self.engine.clone(), account, user, actor: self.actor() })
    }

    /// The handle for looking at forms and what was filled in: for whoever may read that, and for whoever may have it sent.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks both abilities.
    pub fn forms_viewer(&self) -> Result<FormsReader> {
        if !self.token.can(Ability::ManageIntegrations) {
            self.must(Ability::FormsRead)?;
        }
        let Token { account_id: account, user_id: user, .. } = *self.token;
        Ok(FormsReader { engine: self.engine.clone(), account, user, actor: self.actor() })
    }

    /// The handle for storing submissions.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks the ability.
    pub fn forms_writer(&self) -> Result<FormsWriter> {
        self.must(Ability::FormsWrite)?;
        Ok(FormsWriter { engine: self.engine.clone(), account: self.token.account_id, actor: self.actor() })
    }

    /// The handle for managing integrations.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks the ability.
    pub fn integrations(&self) -> Result<Integrations> {
        self.must(Ability::ManageIntegrations)?;
        Ok(Integrations { engine: self.engine.clone(), account: self.token.account_id, actor: self.actor() })
    }

    /// The handle for managing schedules: for whoever may export, and may have it sent.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks one of the abilities.
    pub fn schedules(&self) -> Result<Schedules> {
        self.must(Ability::ManageIntegrations)?;
        Ok(Schedules { reader: self.forms_reader()? })
    }

    /// The handle for reading profiles.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks the ability.
    pub fn profiles_reader(&self) -> Result<ProfilesReader> {
        self.must(Ability::ProfilesRead)?;
        let Token { account_id: account, user_id: user, .. } = *self.token;
        Ok(ProfilesReader { engine: self.engine.clone(), account, user })
    }

    /// The handle for changing profiles.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks the ability.
    pub fn profiles_writer(&self) -> Result<ProfilesWriter> {
        self.must(Ability::ProfilesWrite)?;
        Ok(ProfilesWriter {
            engine: self.engine.clone(),
            account: self.token.account_id,
            actor: self.actor(),
        })
    }

    pub(crate) fn must(&self, ability: Ability) -> Result<()> {
        if self.token.can(ability) {
            return Ok(());
        }
        let message = format!("the token lacks the ability {}", ability.name());
        Err(Error::new(ErrorKind::Forbidden, message))
    }
}

impl FormsReader {
    /// The account whose forms these are.
    pub fn account_id(&self) -> AccountId {
        self.account
    }
}

impl FormsWriter {
    /// The account whose forms these are.
    pub fn account_id(&self) -> AccountId {
        self.account
    }
}
