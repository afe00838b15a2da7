//! A context: one set of credentials in one region, and what the person lets the console do there.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a context's credentials come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum CredentialSource {
    /// The demo account in this process: no AWS account, no socket.
    Demo,
    /// AWS's default chain (environment, then `AWS_PROFILE` or `default`, web identity, container).
    DefaultChain,
    /// One profile of `~/.aws/config` or `~/.aws/credentials`, by name; never overruled by the environment's keys.
    Profile {
        /// The name inside `[profile NAME]`.
        name: String,
    },
}

/// What the console may do in a context. Checked in Rust for every write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AccessMode {
    /// Reads only: the default of every context.
    #[default]
    ReadOnly,
    /// Reads and changes.
    Operator,
}

/// What a person lets the console do in a context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextAccess {
    /// Reads only, or changes too.
    pub mode: AccessMode,
    /// Whether the context's name has to be typed before anything is changed (production).
    #[serde(default)]
    pub protected: bool,
}

/// A credential source in a region, as a person names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextSpec {
    /// Where the credentials come from.
    pub source: CredentialSource,
    /// The AWS region, e.g. `eu-west-1`. `None` means: whatever the source's own configuration says.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub region: Option<String>,
    /// An endpoint that overrides AWS's own for every service (an emulator, a proxy).
    #[serde(default)]
    #[ts(optional = nullable)]
    pub endpoint_url: Option<String>,
}

/// Labels of what is no profile.
const RESERVED: &[&str] = &["demo", "default chain"];

impl ContextSpec {
    /// The demo account in its home region.
    #[must_use]
    pub fn demo() -> Self {
        Self { source: CredentialSource::Demo, region: None, endpoint_url: None }
    }

    /// A short, stable name for lists and for the store's keys: `demo`, `default`, `prod@eu-west-1`, and with
    /// an endpoint `prod@eu-west-1 via http://127.0.0.1:5000`. A profile that is named `demo` is `profile demo`.
    #[must_use]
    pub fn label(&self) -> String {
        let source = match &self.source {
            CredentialSource::Demo => "demo",
            CredentialSource::DefaultChain => "default chain",
            CredentialSource::Profile { name } => name,
        };
        // A person may have called a profile that, and labels are keys.
        let taken = matches!(&self.source, CredentialSource::Profile { name } if RESERVED.contains(&&**name));
        let mut label = if taken { format!("profile {source}") } else { source.to_owned() };
        if let Some(region) = &self.region {
            label.push('@');
            label.push_str(region);
        }
        if let Some(endpoint) = &self.endpoint_url {
            label.push_str(" via ");
            label.push_str(endpoint);
        }
        label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_contexts_share_a_label() {
        let profile = |name: &str| CredentialSource::Profile { name: name.to_owned() };
        let label = |source: CredentialSource, region: Option<&str>, endpoint: Option<&str>| {
            let (region, endpoint_url) = (region.map(str::to_owned), endpoint.map(str::to_owned));
            ContextSpec { source, region, endpoint_url }.label()
        };
        assert_eq!(label(CredentialSource::Demo, None, None), "demo");
        assert_eq!(label(profile("demo"), None, None), "profile demo");
        assert_eq!(label(profile("default chain"), Some("eu-west-1"), None), "profile default chain@eu-west-1");
        assert_eq!(
            label(profile("prod"), Some("eu-west-1"), Some("http://127.0.0.1:5000")),
            "prod@eu-west-1 via http://127.0.0.1:5000"
        );
    }
}
