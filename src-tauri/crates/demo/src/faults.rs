//! Failures to order, so that tests can rehearse them: refusals, throttling, pages of a proxy, silence.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

/// A failure that is to come.
#[derive(Debug, Clone, Default)]
pub struct Fault {
    /// Signing name: `apigateway`, `wafv2`… ; empty for any.
    pub service: &'static str,
    /// The operation; empty for any.
    pub operation: &'static str,
    /// Only in this region.
    pub region: Option<&'static str>,
    /// How often; `None` for always.
    pub times: Option<u32>,
    /// How many calls that fit go well first.
    pub skip: u32,
    /// HTTP status.
    pub status: u16,
    /// AWS's error code.
    pub code: &'static str,
    /// The text.
    pub message: String,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u32>,
    /// This page instead of AWS's protocol.
    pub html: Option<String>,
    /// No answer at all; with `after_executing`, the operation has its effect all the same.
    pub silent: bool,
    /// See `silent`.
    pub after_executing: bool,
}

impl Fault {
    /// A denial as IAM writes it.
    #[must_use]
    pub fn denied(service: &'static str, operation: &'static str) -> Self {
        let message =
            format!("User: arn:aws:sts::111122223333:assumed-role/demo is not authorized to perform: {service}:GET");
        Self { service, operation, status: 403, code: "AccessDeniedException", message, ..Self::default() }
    }

    /// Throttling, with how long to wait.
    #[must_use]
    pub fn throttled(service: &'static str, operation: &'static str, retry_after: u32, times: u32) -> Self {
        Self {
            service,
            operation,
            status: 429,
            code: "TooManyRequestsException",
            message: "Too Many Requests".to_owned(),
            retry_after: Some(retry_after),
            times: Some(times),
            ..Self::default()
        }
    }
}

/// The failures that are ordered.
#[derive(Debug, Default)]
pub struct Faults {
    ordered: Mutex<Vec<Fault>>,
    silenced: watch::Sender<u32>,
}

/// What happens instead.
pub(crate) enum Verdict {
    Instead(Fault),
    Never { after_executing: bool },
}

impl Faults {
    /// Orders a failure; the first that fits a request happens.
    pub fn fail(&self, fault: Fault) {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Forgets all that were ordered.
    pub fn clear(&self) {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How many requests were met with silence so far, and will never be answered: what a test waits for before it pulls
    /// the plug.
    #[must_use]
    pub fn silenced(&self) -> watch::Receiver<u32> {
        self.silenced.subscribe()
    }

    /// A silence begins: whatever the call did, it did before this.
    pub(crate) fn silence(&self) {
        self.silenced.send_modify(|count| *count += 1);
    }

    pub(crate) fn verdict(&self, service: &str, operation: &str, region: &str) -> Option<Verdict> {
        let mut faults = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |fault: &Fault| {
            (fault.service.is_empty() || fault.service == service)
                && (fault.operation.is_empty() || fault.operation == operation)
                && fault.region.is_none_or(|only| only == region)
                && fault.times != Some(0)
        };
        let fault = faults.iter_mut().find(|fault| fits(fault))?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        if fault.silent {
            return Some(Verdict::Never { after_executing: fault.after_executing });
        }
        Some(Verdict::Instead(fault.clone()))
    }
}
