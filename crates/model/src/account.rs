//! Accounts, their users, and the tokens that speak for them.
//!
//! Must not know: how a token's secret is hashed or looked up.

use crate::{AccountId, UserId};

/// Who owns forms and audiences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The directory in its URLs; unique.
    pub user_dir: String,
    /// What people call it.
    pub name: String,
    /// The IANA name of its time zone; `UTC` where nobody said.
    pub timezone: String,
}

/// A person of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// Its e-mail address.
    pub email: String,
    /// Its name, where known.
    pub name: Option<String>,
}

/// A token as it is kept: by its hash, never its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// SHA-256 of the secret, in lower-case hex; identifies the token.
    pub hash: String,
    /// The account it opens.
    pub account_id: AccountId,
    /// The user it speaks for.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The abilities it has, as written: `*`, or names of [`Ability`]; unknown names are kept and grant nothing.
    pub abilities: Vec<String>,
}

impl Token {
    /// Whether the token may do what `ability` names.
    pub fn can(&self, ability: Ability) -> bool {
        self.abilities.iter().any(|has| has == "*" || has == ability.name())
    }
}

/// What a token may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// Read forms and their submissions, and export them.
    FormsRead,
    /// Store submissions, and change forms.
    FormsWrite,
    /// Read profiles and segments, and export them.
    ProfilesRead,
    /// Store, change and delete profiles and segments.
    ProfilesWrite,
    /// Read what there is of an account.
    WorkspacesRead,
    /// Change an account.
    WorkspacesWrite,
    /// Manage what is told to others when a form is filled in.
    ManageIntegrations,
}

impl Ability {
    /// Every ability.
    pub const ALL: [Self; 7] = [
        Self::FormsRead,
        Self::FormsWrite,
        Self::ProfilesRead,
        Self::ProfilesWrite,
        Self::WorkspacesRead,
        Self::WorkspacesWrite,
        Self::ManageIntegrations,
    ];

    /// The name it has in a token's list.
    pub fn name(self) -> &'static str {
        match self {
            Self::FormsRead => "forms-read",
            Self::FormsWrite => "forms-write",
            Self::ProfilesRead => "profiles-read",
            Self::ProfilesWrite => "profiles-write",
            Self::WorkspacesRead => "workspaces-read",
            Self::WorkspacesWrite => "workspaces-write",
            Self::ManageIntegrations => "manage-integrations",
        }
    }
}
