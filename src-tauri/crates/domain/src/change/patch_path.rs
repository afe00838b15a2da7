//! Paths of API Gateway's patch operations, built by types so that no caller concatenates one.
//!
//! Inside one token `~` is `~0` and `/` is `~1`; `{`, `}`, `+` and `*` stand as they are ("Patch operations" of the
//! API Gateway API reference).

/// One token of a JSON pointer, escaped. `~` first, else the `~` of `~1` would be escaped again.
fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// A method of a stage as `methodSettings` addresses it: a resource path and a method, or every method (`*/*`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageMethodSetting<'a> {
    /// `*/*`: what methods without an entry of their own get.
    Default,
    /// One method of one resource.
    Method {
        /// `/pets/{id}`; `/` for the root.
        path: &'a str,
        /// `GET`… ; `ANY` is a method of its own to API Gateway.
        method: &'a str,
    },
}

impl StageMethodSetting<'_> {
    /// The path of the whole entry: `/~1pets~1{id}/GET`, `/*/*`. `remove` resets it.
    #[must_use]
    pub fn entry(&self) -> String {
        match self {
            Self::Default => "/*/*".to_owned(),
            Self::Method { path, method } => format!("/{}/{method}", escaped(path)),
        }
    }

    /// The path of the steady rate, requests per second.
    #[must_use]
    pub fn rate_limit(&self) -> String {
        self.entry() + "/throttling/rateLimit"
    }

    /// The path of the bucket size, requests.
    #[must_use]
    pub fn burst_limit(&self) -> String {
        self.entry() + "/throttling/burstLimit"
    }
}

/// A method of a stage inside a usage plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePlanMethod<'a> {
    /// API id.
    pub api_id: &'a str,
    /// Stage name.
    pub stage: &'a str,
    /// `/pets/{id}`.
    pub path: &'a str,
    /// `GET`.
    pub method: &'a str,
}

impl UsagePlanMethod<'_> {
    /// The path of the entry: `/apiStages/a1b2:prod/throttle/~1pets/GET`.
    #[must_use]
    pub fn entry(&self) -> String {
        format!("/apiStages/{}:{}/throttle/{}/{}", self.api_id, self.stage, escaped(self.path), self.method)
    }

    /// The path of the steady rate.
    #[must_use]
    pub fn rate_limit(&self) -> String {
        self.entry() + "/rateLimit"
    }

    /// The path of the bucket size.
    #[must_use]
    pub fn burst_limit(&self) -> String {
        self.entry() + "/burstLimit"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_what_aws_documents() {
        let method = |path, method| StageMethodSetting::Method { path, method }.rate_limit();
        assert_eq!(StageMethodSetting::Default.burst_limit(), "/*/*/throttling/burstLimit");
        assert_eq!(method("/", "GET"), "/~1/GET/throttling/rateLimit");
        assert_eq!(method("/pets/{petId}", "GET"), "/~1pets~1{petId}/GET/throttling/rateLimit");
        assert_eq!(method("/files/{proxy+}", "ANY"), "/~1files~1{proxy+}/ANY/throttling/rateLimit");
        assert_eq!(method("/~me", "GET"), "/~1~0me/GET/throttling/rateLimit");
        let plan = UsagePlanMethod { api_id: "a1b2c3", stage: "prod", path: "/pets", method: "GET" };
        assert_eq!(plan.burst_limit(), "/apiStages/a1b2c3:prod/throttle/~1pets/GET/burstLimit");
    }

    proptest! {
        #[test]
        fn a_resource_path_is_always_one_token(path in "/[ -~]{0,40}") {
            let setting = StageMethodSetting::Method { path: &path, method: "GET" };
            let entry = setting.entry();
            let tokens: Vec<&str> = entry.split('/').collect();
            prop_assert_eq!(tokens.len(), 3);
            prop_assert_eq!(tokens[1].replace("~1", "/").replace("~0", "~"), path);
        }
    }
}
