//! A command that cannot go on: its exit status and its words.

use std::process::ExitCode;

use portcullis_domain::hostile_text::terminal_text;
use portcullis_operations::error::{ErrorCode, WireError};

use crate::{args::OutputFormat, exit::Exit};

/// Why a command ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    exit: Exit,
    error: WireError,
}

impl Failure {
    /// The command line makes no sense.
    #[must_use]
    pub fn usage(message: String) -> Self {
        Self { exit: Exit::Usage, error: WireError::new(ErrorCode::InvalidInput, message) }
    }

    /// It failed.
    #[must_use]
    pub fn failed(message: String) -> Self {
        Self { exit: Exit::Failed, error: WireError::new(ErrorCode::Internal, message) }
    }

    /// Refused, and nothing was changed.
    #[must_use]
    pub fn refused(message: String) -> Self {
        Self { exit: Exit::Refused, error: WireError::new(ErrorCode::ConfirmationNeeded, message) }
    }

    /// Says it on standard error, as JSON where JSON was asked for.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "this is where errors are printed")]
    pub fn report(&self, format: OutputFormat) -> ExitCode {
        let WireError { message, hint, request_id, .. } = &self.error;
        if format == OutputFormat::Json
            && let Ok(text) = serde_json::to_string(&serde_json::json!({ "error": self.error }))
        {
            eprintln!("{text}");
            return self.exit.into();
        }
        eprintln!("Error: {}", terminal_text(message));
        for detail in &self.error.details {
            eprintln!("  {}", terminal_text(detail));
        }
        if let Some(hint) = hint {
            eprintln!("{}", terminal_text(hint));
        }
        if let Some(id) = request_id {
            eprintln!("AWS request id: {}", terminal_text(id));
        }
        self.exit.into()
    }
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        let exit = match error.code {
            ErrorCode::InvalidInput => Exit::Usage,
            ErrorCode::ReadOnly | ErrorCode::ConfirmationNeeded | ErrorCode::Conflict | ErrorCode::CanaryBreached => {
                Exit::Refused
            }
            _ => Exit::Failed,
        };
        Self { exit, error }
    }
}
