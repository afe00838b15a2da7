//! Printing: tables for people, one JSON envelope for programs, CSV for spreadsheets.
//!
//! Everything that comes from AWS passes through [`portcullis_domain::hostile_text`] on its way to a terminal or a
//! cell: names belong to other people.

pub mod gaps;
pub mod table;

use std::io::{IsTerminal as _, Write as _};

use portcullis_domain::{coverage::Coverage, hostile_text::terminal_text};
use portcullis_operations::{
    context_select::ContextSelectRequest,
    host::Host,
    inventory_status::{InventoryPhase, InventoryStatus},
};

use crate::{
    args::{Global, OutputFormat},
    contexts,
    exit::Exit,
    failure::Failure,
};

/// Standard output and standard error, and what goes where.
#[derive(Debug)]
pub struct Printer {
    format: OutputFormat,
    /// Notices that were said.
    told: Vec<String>,
}

impl Printer {
    /// Prints in this format.
    #[must_use]
    pub fn new(format: OutputFormat) -> Self {
        Self { format, told: Vec::new() }
    }

    /// The format.
    #[must_use]
    pub fn format(&self) -> OutputFormat {
        self.format
    }

    /// The answer, on standard output. A reader that went away (`| head`) is no failure.
    ///
    /// # Errors
    /// When standard output cannot be written for another reason.
    pub fn data(&mut self, text: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Failure::failed(format!("Standard output cannot be written: {error}.")))
            }
            _ => Ok(()),
        }
    }

    /// A remark, on standard error.
    #[expect(clippy::print_stderr, reason = "remarks must not be mistaken for data")]
    pub fn note(&mut self, text: &str) {
        eprintln!("{}", terminal_text(text));
    }

    /// Says what a person should know and nothing else says, each notice once.
    pub fn tell_notices(&mut self, host: &Host) {
        for notice in host.notices() {
            if !self.told.contains(&notice.message) {
                let hint = notice.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
                self.note(&format!("{}{hint}", notice.message));
                self.told.push(notice.message);
            }
        }
    }

    /// Opens the contexts that the flags name, without reading them.
    ///
    /// # Errors
    /// As the credentials' and STS's.
    pub async fn open(&mut self, host: &Host, global: &Global) -> Result<(), Failure> {
        host.open_only(contexts::named_by(global));
        Ok(())
    }

    /// Opens the contexts that the flags name and reads them to the end, with progress where a person watches.
    ///
    /// # Errors
    /// As `context_select`.
    pub async fn read_all(&mut self, host: &Host, global: &Global) -> Result<(), Failure> {
        let request = ContextSelectRequest { contexts: contexts::named_by(global) };
        portcullis_operations::context_select::context_select(host, request).await?;
        let watched = std::io::stderr().is_terminal();
        let mut revisions = host.revisions();
        loop {
            let status = host.status();
            if watched {
                progress(&status);
            }
            if status.contexts.iter().all(|context| context.phase != InventoryPhase::Reading) {
                break;
            }
            if revisions.changed().await.is_err() {
                break;
            }
        }
        if watched {
            clear();
        }
        self.tell_notices(host);
        Ok(())
    }

    /// Says what is missing and decides the exit status.
    #[must_use]
    pub fn finish(&mut self, host: &Host) -> Exit {
        self.finish_with(host, &host.gaps())
    }

    /// The same for an answer that stands on more than the inventory.
    #[must_use]
    pub fn finish_with(&mut self, host: &Host, coverage: &Coverage) -> Exit {
        let text = gaps::render(coverage);
        if !text.is_empty() && self.format != OutputFormat::Json {
            self.note_block(&text);
        }
        let status = host.status();
        let failed = !status.contexts.is_empty()
            && status.contexts.iter().all(|context| context.phase == InventoryPhase::Failed);
        if failed { Exit::Failed } else { Exit::of_completeness(coverage.complete) }
    }

    #[expect(clippy::print_stderr, reason = "gaps must not be mistaken for data")]
    fn note_block(&mut self, text: &str) {
        eprint!("{text}");
    }
}

#[expect(clippy::print_stderr, reason = "progress is for whoever watches")]
fn progress(status: &InventoryStatus) {
    let done: u32 = status.contexts.iter().map(|context| context.apis_done).sum();
    let total: u32 = status.contexts.iter().filter_map(|context| context.apis_total).sum();
    let calls: u32 = status.contexts.iter().flat_map(|context| context.calls.values()).sum();
    eprint!("\r\u{1b}[Kreading: {done} of {total} APIs, {calls} calls");
}

#[expect(clippy::print_stderr, reason = "progress is for whoever watches")]
fn clear() {
    eprint!("\r\u{1b}[K");
}
