//! The demo account of this process: made when it is first opened, so that nobody else waits for it.

use std::sync::Arc;

use portcullis_aws::{AwsError, SessionDeps};
use portcullis_demo::DemoAccount;
use portcullis_domain::context::{ContextSpec, CredentialSource};

use super::{Host, HostOptions};

impl Host {
    /// Whether nothing but the demo account is open.
    pub(crate) fn only_demo(&self) -> bool {
        let contexts = self.contexts();
        !contexts.is_empty() && contexts.iter().all(|context| context.spec.source == CredentialSource::Demo)
    }

    /// What a session of this context needs.
    ///
    /// # Errors
    /// When the demo account refuses its own seed, which is a defect.
    pub(crate) async fn session_deps(&self, spec: &ContextSpec) -> Result<SessionDeps, AwsError> {
        let deps = self.inner.deps.clone();
        if spec.source != CredentialSource::Demo {
            return Ok(deps);
        }
        let host = self.clone();
        let account = tokio::task::spawn_blocking(move || {
            host.inner.demo.get_or_init(|| demo_account(&host.inner.options)).clone()
        })
        .await
        .map_err(|error| error.to_string())
        .and_then(|account| account)
        .map_err(|reason| {
            AwsError::configuration("NoDemoAccount", format!("The demo account cannot be laid out: {reason}."))
        })?;
        Ok(SessionDeps { demo: Some(account.http_client()), ..deps })
    }
}

/// The account with the definitions that were imported into it.
fn demo_account(options: &HostOptions) -> Result<DemoAccount, String> {
    if let Some(account) = &options.demo {
        return Ok(account.clone());
    }
    let clock = Arc::clone(&options.clock);
    if let Some(scale) = options.scale {
        return Ok(DemoAccount::scaled(scale, 1, clock));
    }
    let account = DemoAccount::standard(clock).map_err(|error| error.to_string())?;
    for file in crate::demo_imports::files(&options.data_dir) {
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                account.import(&name, &text);
            }
            Err(error) => tracing::warn!(file = %file.display(), %error, "an imported definition cannot be read"),
        }
    }
    Ok(account)
}
