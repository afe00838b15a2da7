//! `key_reveal`: shows one key's value to the person who asked, and says so in the journal.

use std::{fmt, path::Path};

use portcullis_aws::{Lane, Reader};
use portcullis_domain::journal::JournalEvent;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which key, and where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyRevealRequest {
    /// The context's label.
    pub context: String,
    /// Key id.
    pub key_id: String,
    /// Why; kept in the journal.
    #[serde(default)]
    pub reason: String,
    /// The context's name as the person typed it; asked for where the context is protected.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub typed: Option<String>,
    /// A file that is made for it, readable by this user alone; without it the value is in the answer.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub path: Option<String>,
}

/// The value, on its way to the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RevealedKey {
    /// The value; absent when it was written to a file.
    #[ts(optional = nullable)]
    pub value: Option<String>,
    /// The file.
    #[ts(optional = nullable)]
    pub path: Option<String>,
    /// The journal's entry.
    pub entry: String,
}

impl fmt::Debug for RevealedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_ref().map(|_| "[redacted]");
        let mut shown = formatter.debug_struct("RevealedKey");
        shown.field("value", &value).field("path", &self.path).field("entry", &self.entry).finish()
    }
}

/// Reveals it. The note is in the journal before the value is asked for: nobody sees a value that is not on record.
///
/// # Errors
/// `ReadOnly` where nothing may be changed, `ConfirmationNeeded` for a protected context whose name was not typed, `JournalUnusable`, `InvalidInput` for a file that is there already, AWS's.
pub async fn key_reveal(host: &Host, request: KeyRevealRequest) -> Result<RevealedKey, WireError> {
    let session = host.open_context(&request.context)?.session(host).await?;
    let access = host.check_access(&request.context)?;
    if access.protected && request.typed.as_deref() != Some(request.context.as_str()) {
        let told = format!("The context {} is protected: no value was shown.", request.context);
        return Err(WireError::new(ErrorCode::ConfirmationNeeded, told)
            .with_hint(format!("Type its name, {}, to confirm (--confirm on the command line).", request.context)));
    }
    let entry = host.plan_id();
    let to = if request.path.is_some() { " into a file" } else { "" };
    let why = if request.reason.trim().is_empty() { "no reason was given" } else { request.reason.trim() };
    let message = format!("The value of key {} in {} was asked for{to}: {why}.", request.key_id, request.context);
    let event = JournalEvent::Noted { actor: host.actor(&request.context), message };
    host.journal()?.append(&host.now(), &entry, event, true).map_err(|error| {
        WireError::new(ErrorCode::JournalUnusable, format!("The journal cannot be written: {error}."))
            .with_hint("No value is shown without a record of it.")
    })?;
    let value = Reader::new(&session, Lane::OnScreen, CancellationToken::new()).key_value(&request.key_id).await?;
    let Some(path) = request.path else {
        return Ok(RevealedKey { value: Some(value.reveal().to_owned()), path: None, entry });
    };
    write_private(Path::new(&path), value.reveal()).map_err(|error| {
        WireError::new(ErrorCode::InvalidInput, format!("{path} cannot be written: {error}."))
            .with_hint("Choose a file that is not there yet.")
    })?;
    Ok(RevealedKey { value: None, path: Some(path), entry })
}

/// A new file that only this user can read, from its first moment.
fn write_private(path: &Path, value: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(value.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
