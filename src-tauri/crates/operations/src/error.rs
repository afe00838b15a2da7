//! Domain -> wire, for errors: the one file where a failure becomes a code for programs and a sentence for
//! people.

use portcullis_aws::AwsError;
use portcullis_domain::{audience_rules::organisation::RulesError, coverage::GapKind};
use portcullis_store::StoreError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a consumer acts on. A variant exists only because somebody does something different for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The request itself is wrong: show the message at the field.
    InvalidInput,
    /// The thing is not there (any more).
    NotFound,
    /// No usable credentials: sign in.
    Credentials,
    /// AWS denied it: ask for the permission.
    Denied,
    /// No answer from the endpoint.
    Unreachable,
    /// The context is read-only.
    ReadOnly,
    /// The context is protected, or a warning was not acknowledged: ask the person.
    ConfirmationNeeded,
    /// What is live is not what the plan was made from, or another change holds the target: make the plan again.
    Conflict,
    /// The candidate does harm: ask for a reason to promote it all the same.
    CanaryBreached,
    /// A change was begun and is not as planned: show the journal's entry.
    ChangeFailed,
    /// The journal cannot be written, so nothing is changed.
    JournalUnusable,
    /// The rules file does not parse or has an unknown field.
    RulesInvalid,
    /// The store was written by a newer version.
    StoreTooNew,
    /// The store cannot be read; it was set aside.
    StoreCorrupted,
    /// The store cannot be used now: a full disk, another program, a directory that is not ours.
    StoreUnusable,
    /// The person or the program stopped it.
    Cancelled,
    /// AWS refused for another reason.
    AwsRefused,
    /// A fault of the program.
    Internal,
}

/// A failure as it crosses to the window, and as the command line prints it with `--output json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct WireError {
    /// What kind: consumers switch on this and never on the message.
    pub code: ErrorCode,
    /// What failed, on which resource.
    pub message: String,
    /// What to do next, imperative.
    #[ts(optional = nullable)]
    pub hint: Option<String>,
    /// AWS's request id.
    #[ts(optional = nullable)]
    pub request_id: Option<String>,
    /// Where in the input, when `code` is [`ErrorCode::InvalidInput`] or [`ErrorCode::RulesInvalid`].
    #[ts(optional = nullable)]
    pub position: Option<InputPosition>,
    /// Further lines: each field in conflict, each step and how it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The journal's entry, when a change was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub entry: Option<String>,
}

/// A place in a text that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InputPosition {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// The field, as a dotted path.
    #[ts(optional = nullable)]
    pub field: Option<String>,
}

impl WireError {
    /// A failure of this kind, in these words.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            request_id: None,
            position: None,
            details: Vec::new(),
            entry: None,
        }
    }

    /// With what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A mistake in the rules file: the sentence says which file and where in it.
    pub(crate) fn rules(path: &std::path::Path, error: &RulesError) -> Self {
        let told = Self::rules_text(error);
        Self { message: format!("{}: {}", path.display(), told.message), ..told }
    }

    /// A mistake in a text that a person is writing: the sentence says where in it, and is whole as it stands.
    pub(crate) fn rules_text(error: &RulesError) -> Self {
        let position = InputPosition { line: error.line, column: error.column, field: error.field.clone() };
        let field = error.field.as_ref().map(|field| format!(", {field}")).unwrap_or_default();
        let message = format!("Line {}, column {}{field}: {}", error.line, error.column, error.message);
        Self { position: Some(position), ..Self::new(ErrorCode::RulesInvalid, message) }
    }

    pub(crate) fn invalid_payload(operation: &str, error: &serde_json::Error) -> Self {
        Self::new(ErrorCode::InvalidInput, format!("The request of {operation} cannot be read: {error}."))
    }

    pub(crate) fn unknown_operation(operation: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no operation {operation}."))
    }

    pub(crate) fn internal(operation: &str, error: &dyn std::error::Error) -> Self {
        Self::new(ErrorCode::Internal, format!("The answer of {operation} cannot be written: {error}."))
    }
}

impl From<StoreError> for WireError {
    fn from(error: StoreError) -> Self {
        let (code, hint) = match &error {
            StoreError::TooNew { .. } => (ErrorCode::StoreTooNew, Some("Update Portcullis.")),
            StoreError::Corrupted { .. } => {
                (ErrorCode::StoreCorrupted, Some("Overrides of audiences that it held have to be made again."))
            }
            StoreError::Content { .. } => (ErrorCode::StoreCorrupted, Some("Refresh: it is read afresh.")),
            StoreError::Locked { .. } | StoreError::Busy { .. } => {
                (ErrorCode::StoreUnusable, Some("Close other windows of Portcullis, then try again."))
            }
            StoreError::Full { .. } => (ErrorCode::StoreUnusable, Some("Make room on the disk, then try again.")),
            StoreError::Unusable { .. } => {
                (ErrorCode::StoreUnusable, Some("Choose another directory with PORTCULLIS_DATA_DIR."))
            }
            StoreError::Statement { .. } => (ErrorCode::Internal, None),
        };
        let told = Self::new(code, capitalised(&format!("{}.", in_words(&error))));
        match hint {
            Some(hint) => told.with_hint(hint),
            None => told,
        }
    }
}

/// A failure of the store with what SQLite says of it, without a full stop.
pub(crate) fn in_words(error: &StoreError) -> String {
    let source = std::error::Error::source(error).map(|source| format!(" ({source})")).unwrap_or_default();
    format!("{error}{source}")
}

/// The first letter of a sentence.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl From<AwsError> for WireError {
    fn from(error: AwsError) -> Self {
        let code = match error.kind {
            GapKind::Denied => ErrorCode::Denied,
            GapKind::Credentials => ErrorCode::Credentials,
            GapKind::Unreachable | GapKind::NotAws => ErrorCode::Unreachable,
            GapKind::NotFound => ErrorCode::NotFound,
            GapKind::Cancelled => ErrorCode::Cancelled,
            GapKind::Throttled | GapKind::NotImplemented | GapKind::Failed => ErrorCode::AwsRefused,
        };
        Self { request_id: error.request_id, ..Self::new(code, error.message) }
    }
}
