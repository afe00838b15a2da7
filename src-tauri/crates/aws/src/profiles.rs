//! The profiles of the AWS configuration files, without touching the network.

use aws_config::profile::load;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: Option<String>,
    /// How it gets credentials, in words.
    pub kind: String,
}

/// All profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profiles {
    /// By name.
    pub profiles: Vec<Profile>,
    /// Whether the default chain has anything to try: keys in the environment, a default profile, a web identity, a
    /// container.
    pub default_chain: bool,
    /// The configuration file, for messages.
    pub path: String,
}

/// The configuration files cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} cannot be read: {reason}")]
pub struct ProfilesError {
    /// Which file.
    pub path: String,
    /// Why, with the place in the file where the parser gave one.
    pub reason: String,
}

/// Reads the configuration files as the SDK does (`AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`).
///
/// # Errors
/// [`ProfilesError`].
pub async fn profiles() -> Result<Profiles, ProfilesError> {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let path = std::env::var("AWS_CONFIG_FILE").unwrap_or_else(|_| "~/.aws/config".to_owned());
    let files = load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), None)
        .await
        .map_err(|error| ProfilesError { path: path.clone(), reason: chain(&error) })?;
    let mut profiles: Vec<Profile> = files
        .profiles()
        .filter_map(|name| {
            let profile = files.get_profile(name)?;
            let kind = kind_of(&|key| profile.get(key).map(str::to_owned));
            Some(Profile { name: name.to_owned(), region: profile.get("region").map(str::to_owned), kind })
        })
        .collect();
    profiles.sort_by(|left, right| left.name.cmp(&right.name));
    let chosen = std::env::var("AWS_PROFILE").unwrap_or_else(|_| "default".to_owned());
    let default_chain = set("AWS_ACCESS_KEY_ID")
        || set("AWS_WEB_IDENTITY_TOKEN_FILE")
        || set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        || set("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        // A profile that only says a region has nothing to sign with.
        || profiles.iter().any(|profile| profile.name == chosen && profile.kind != NO_CREDENTIALS);
    Ok(Profiles { profiles, default_chain, path })
}

/// What [`Profile::kind`] says of one that has none.
const NO_CREDENTIALS: &str = "no credentials of its own";

fn kind_of(get: &dyn Fn(&str) -> Option<String>) -> String {
    if let Some(role) = get("role_arn") {
        let role = role.rsplit('/').next().unwrap_or_default().to_owned();
        let by =
            get("source_profile").or_else(|| get("credential_source")).unwrap_or_else(|| "a web identity".to_owned());
        let mfa = if get("mfa_serial").is_some() {
            "; asks for MFA, which the SDK does not: use `aws sts` or a session"
        } else {
            ""
        };
        return format!("assumes role {role} with {by}{mfa}");
    }
    if let Some(session) = get("sso_session") {
        return format!("SSO session {session}");
    }
    if get("sso_start_url").is_some() {
        return "SSO".to_owned();
    }
    if get("login_session").is_some() {
        return "aws login".to_owned();
    }
    if get("credential_process").is_some() {
        return "runs a program (credential_process)".to_owned();
    }
    if get("aws_access_key_id").is_some() {
        return "static keys".to_owned();
    }
    NO_CREDENTIALS.to_owned()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}
