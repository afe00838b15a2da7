//! Flags -> contexts: profiles times regions, by AWS's conventions.

use portcullis_domain::context::{ContextSpec, CredentialSource};

use crate::args::Global;

/// The contexts that the flags name. Without `--profile` it is AWS's default chain (which honours `AWS_PROFILE`),
/// without `--region` each source's own region.
#[must_use]
pub fn named_by(global: &Global) -> Vec<ContextSpec> {
    let sources: Vec<CredentialSource> = if global.demo {
        vec![CredentialSource::Demo]
    } else if global.profile.is_empty() {
        vec![CredentialSource::DefaultChain]
    } else {
        distinct(&global.profile).map(|name| CredentialSource::Profile { name: name.clone() }).collect()
    };
    let regions: Vec<Option<String>> =
        if global.region.is_empty() { vec![None] } else { distinct(&global.region).cloned().map(Some).collect() };
    sources
        .iter()
        .flat_map(|source| {
            regions.iter().map(|region| ContextSpec {
                source: source.clone(),
                region: region.clone(),
                endpoint_url: global.endpoint_url.clone(),
            })
        })
        .collect()
}

/// A flag given twice is one context, not two.
fn distinct(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().enumerate().filter(|(at, name)| !names[..*at].contains(name)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(profiles: &[&str], regions: &[&str]) -> Vec<String> {
        let global = Global {
            profile: profiles.iter().map(ToString::to_string).collect(),
            region: regions.iter().map(ToString::to_string).collect(),
            ..Global::default()
        };
        named_by(&global).iter().map(ContextSpec::label).collect()
    }

    #[test]
    fn profiles_times_regions_each_once() {
        assert_eq!(labels(&[], &[]), ["default chain"]);
        assert_eq!(labels(&[], &["eu-west-1"]), ["default chain@eu-west-1"]);
        assert_eq!(labels(&["prod", "test", "prod"], &[]), ["prod", "test"]);
        assert_eq!(
            labels(&["prod", "test"], &["eu-west-1", "us-east-1"]),
            ["prod@eu-west-1", "prod@us-east-1", "test@eu-west-1", "test@us-east-1"]
        );
    }
}
