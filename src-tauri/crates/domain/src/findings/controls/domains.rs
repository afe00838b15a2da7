//! Custom domain names: which TLS they speak, who must show a certificate, and the way around them.

use super::by_exposure;
use crate::{
    api::EndpointType,
    audience::Audience,
    findings::{
        assess::{About, Bench, Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, Severity},
        documents::{Documents, Part},
        scene::{AccountScene, ApiScene},
    },
    route::Route,
};

/// A custom domain's own description: of version 1 or version 2, whichever was read.
pub(super) fn description<'a>(documents: &'a Documents, name: &str) -> Option<Part<'a>> {
    documents.item("GetDomainNames", "domainName", name)
}

/// Whether clients must show a certificate at this domain.
pub(super) fn has_mutual_tls(documents: &Documents, name: &str) -> bool {
    description(documents, name)
        .is_some_and(|part| part.get("mutualTlsAuthentication").get("truststoreUri").filled().is_some())
}

/// The domains that lead to a stage.
pub(super) fn of_stage<'a>(scene: &ApiScene<'a>, stage: &str) -> impl Iterator<Item = &'a str> {
    let id = &scene.inventory.api.id;
    scene
        .account
        .domains
        .iter()
        .filter(move |mapping| mapping.api_id == *id && mapping.stage.as_deref().is_none_or(|name| name == stage))
        .map(|mapping| &*mapping.domain)
}

/// The policy of a domain: version 1 has it on top, version 2 in each configuration.
fn security_policy<'a>(domain: &Part<'a>) -> Part<'a> {
    let top = domain.get("securityPolicy");
    match domain.get("domainNameConfigurations").list().next() {
        Some(configuration) if top.value().is_none() => configuration.get("securityPolicy"),
        _ => top,
    }
}

/// How strong a policy is. Names are ranked by the protocol that they name, so that a policy of tomorrow is not called
/// weak for being unknown ("Security policies", developer guide: `TLS_1_0`, `TLS_1_2`, `SecurityPolicy_TLS13_…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Broken,
    Accepted,
    Strong,
    Unknown,
}

fn strength(policy: &str) -> Strength {
    let name = policy.strip_prefix("SecurityPolicy_").unwrap_or(policy);
    match name {
        "TLS_1_0" => Strength::Broken,
        "TLS_1_2" => Strength::Accepted,
        _ if name.starts_with("TLS13_1_0") || name.starts_with("TLS10") || name.starts_with("TLS11") => {
            Strength::Broken
        }
        _ if name.starts_with("TLS13") => Strength::Strong,
        _ if name.starts_with("TLS12") => {
            if name.contains("PFS") {
                Strength::Strong
            } else {
                Strength::Accepted
            }
        }
        _ => Strength::Unknown,
    }
}

/// TLS versions.
pub(in crate::findings) static TLS: Control = Control {
    id: "C17",
    title: "Custom domains speak modern TLS",
    scope: Scope::Domain,
    severity: by_exposure,
    why: "TLS 1.0 is broken and PCI DSS forbids it. Two scanners accept only the literal TLS_1_2 and call the stronger \
          TLS 1.3 policies weak; AWS Security Hub calls TLS_1_2 weak.",
    logic: "Per custom domain by its securityPolicy: TLS_1_0 and policies that allow TLS 1.0 fail. TLS_1_2 passes, and \
            says that AWS Security Hub's APIGateway.11 wants a policy of the TLS 1.3 family. Policies of that family \
            and those with perfect forward secrecy pass. A name that is not known is unknown.",
    remedy: "Set a policy of the TLS 1.3 family, or TLS_1_2 where clients are older.",
    commands: &[
        "aws apigateway update-domain-name --domain-name {id} --patch-operations op=replace,path=/securityPolicy,value=TLS_1_2 --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["APIGateway.11"],
        pci: &["2.2.7", "4.2.1", "8.3.2"],
        prowler: &["apigateway_domain_name_pqc_tls_enabled"],
    },
    rule: Rule::Account(|scene, bench| {
        each(scene, bench, |name, part| {
            let _ = name;
            let policy = security_policy(part);
            let Some(text) = policy.filled() else {
                return Outcome::Unknown("the domain's security policy was not told".to_owned());
            };
            let expected = "TLS 1.2 or later; a policy of the TLS 1.3 family for AWS Security Hub";
            let facts = |words: &str| Facts::new(expected, format!("{text}: {words}")).cite(&policy);
            match strength(text) {
                Strength::Broken => Outcome::Fail(facts("TLS 1.0 is accepted").severity(Severity::High)),
                Strength::Accepted => Outcome::Pass(facts("TLS 1.2; AWS Security Hub wants the TLS 1.3 family")),
                Strength::Strong => Outcome::Pass(facts("strong")),
                Strength::Unknown => Outcome::Unknown(format!("{text} is a policy that is not known here")),
            }
        });
    }),
};

/// Certificates of partners.
pub(in crate::findings) static MUTUAL_TLS: Control = Control {
    id: "G21",
    title: "Domains of partners ask for a certificate",
    scope: Scope::Domain,
    severity: |_| Severity::Medium,
    why: "A partner's token is copied as easily as any other. A certificate binds it to their machines.",
    logic: "Per custom domain that leads to partner routes: fail when mutualTlsAuthentication.truststoreUri is missing, \
            or when AWS warns of the trust store (truststoreWarnings). Not applicable to other domains.",
    remedy: "Put the partners' certificate authorities into a trust store in S3, set it on the domain, and switch the \
             API's own endpoint off.",
    commands: &[
        "aws apigateway update-domain-name --domain-name {id} --patch-operations op=replace,path=/mutualTlsAuthentication/truststoreUri,value=s3://BUCKET/truststore.pem --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["4.2.1", "8.3.1"], prowler: &[] },
    rule: Rule::Account(|scene, bench| {
        each_with_routes(scene, bench, |part, routes| {
            if !routes.iter().any(|route| route.audience.audience == Audience::Partner) {
                return Outcome::NotApplicable("it does not lead to partner routes");
            }
            let trust = part.get("mutualTlsAuthentication");
            let (uri, warnings) = (trust.get("truststoreUri"), trust.get("truststoreWarnings"));
            let warned: Vec<&str> = warnings.list().filter_map(|warning| warning.text()).collect();
            match (uri.filled(), warned.is_empty()) {
                (Some(uri), true) => Outcome::Pass(
                    Facts::new("mutual TLS", format!("trust store {uri}")).cite(&trust.get("truststoreUri")),
                ),
                (Some(_), false) => {
                    Outcome::Fail(Facts::new("a trust store without warnings", warned.join("; ")).cite(&warnings))
                }
                (None, _) => Outcome::Fail(Facts::new("mutual TLS", "no trust store").cite(&uri)),
            }
        });
    }),
};

/// The way around a domain.
pub(in crate::findings) static DEFAULT_ENDPOINT: Control = Control {
    id: "G20",
    title: "A custom domain is the only way in",
    scope: Scope::Stage,
    severity: by_exposure,
    why: "What stands at the custom domain (mutual TLS, a web ACL in front, the partner's allow-list) is walked around \
          through the API's own execute-api address, which anybody can guess once and keep. One scanner flags it on \
          every API, also on those that have no other address (also known as C19).",
    logic: "Per stage that a custom domain leads to: fail when disableExecuteApiEndpoint is not true. High when the \
            domain asks for mutual TLS. Not applicable without a custom domain and to private endpoints.",
    remedy: "Switch the default endpoint off, then deploy: the change takes effect with the next deployment only.",
    commands: &[
        "aws apigateway update-rest-api --rest-api-id {api} --patch-operations op=replace,path=/disableExecuteApiEndpoint,value=true --region {region}",
        "aws apigateway create-deployment --rest-api-id {api} --stage-name {stage} --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["1.3.1", "1.4.1"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let domains: Vec<&str> = of_stage(scene, &stage.name).collect();
            let outcome = match (domains.first(), scene.documents.api()) {
                _ if scene.inventory.api.endpoint_type == EndpointType::Private => {
                    Outcome::NotApplicable("the endpoint is private")
                }
                (None, _) if !scene.account.domains_complete => {
                    Outcome::Unknown("the custom domains could not be read".to_owned())
                }
                (None, _) => Outcome::NotApplicable("no custom domain leads here"),
                (Some(_), None) => Outcome::Unknown(scene.unread("GetRestApis")),
                (Some(domain), Some(part)) => {
                    let disabled = part.get("disableExecuteApiEndpoint");
                    let actual = if disabled.is_true() { "switched off" } else { "open beside the domain" };
                    let facts = Facts::new(format!("only {domain} leads in"), actual).cite(&disabled);
                    let trusted = domains.iter().any(|name| has_mutual_tls(scene.account_documents, name));
                    Outcome::holds(disabled.is_true(), if trusted { facts.severity(Severity::High) } else { facts })
                }
            };
            bench.stage(scene, &stage.name, &routes, outcome);
        }
    }),
};

fn each(scene: &AccountScene<'_>, bench: &mut Bench<'_>, judge: impl Fn(&str, &Part<'_>) -> Outcome) {
    each_with_routes(scene, bench, |part, _| judge(part.get("domainName").text().unwrap_or_default(), part));
}

/// Judges every domain once; version 1 and version 2 list the same domain where it was made with either.
fn each_with_routes(scene: &AccountScene<'_>, bench: &mut Bench<'_>, judge: impl Fn(&Part<'_>, &[&Route]) -> Outcome) {
    if !scene.documents.has("GetDomainNames") {
        let about = About { id: "custom domains", label: "custom domains", routes: &[], api: None, stage: None };
        let outcome = Outcome::Unknown(scene.unread("GetDomainNames"));
        return bench.other(scene.place, Scope::Domain, about, outcome);
    }
    let mut seen: Vec<&str> = Vec::new();
    for part in scene.documents.items("GetDomainNames") {
        let Some(name) = part.get("domainName").text().filter(|name| !seen.contains(name)) else { continue };
        seen.push(name);
        let leads = |route: &&Route| {
            scene.account.domains.iter().any(|mapping| {
                &*mapping.domain == name
                    && mapping.api_id == route.api_id
                    && mapping.stage.as_ref().is_none_or(|stage| *stage == route.stage)
            })
        };
        let routes: Vec<&Route> = scene.apis.iter().flat_map(ApiScene::served).filter(leads).collect();
        let label = format!("custom domain {name}");
        let about = About { id: name, label: &label, routes: &routes, api: None, stage: None };
        bench.other(scene.place, Scope::Domain, about, judge(&part, &routes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn domain(more: Value) -> Kit {
        let mut item = json!({ "domainName": "api.example.com" });
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
        Kit::rest().audience("partner").route("GET /claims", "CUSTOM").domain("api.example.com").account_answer(
            "apigateway:GetDomainNames",
            "",
            json!({ "item": [item] }),
        )
    }

    #[test]
    fn tls_policies_are_ranked_not_compared() {
        let with = |policy: &str| domain(json!({ "securityPolicy": policy }));
        table(
            "C17",
            vec![
                ("TLS 1.0", with("TLS_1_0"), Fail),
                ("TLS 1.2", with("TLS_1_2"), Pass),
                ("TLS 1.3 of 2025", with("SecurityPolicy_TLS13_1_3_2025_09"), Pass),
                ("post-quantum", with("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"), Pass),
                ("edge", with("SecurityPolicy_TLS12_PFS_2025_EDGE"), Pass),
                ("of tomorrow", with("SecurityPolicy_TLS14_2030"), Unknown),
                (
                    "version 2 has it inside",
                    domain(json!({ "domainNameConfigurations": [{ "securityPolicy": "TLS_1_0" }] })),
                    Fail,
                ),
                ("denied", domain(json!({})).denied("GetDomainNames"), Unknown),
            ],
        );
    }

    #[test]
    fn partners_show_a_certificate() {
        table(
            "G21",
            vec![
                ("none", domain(json!({})), Fail),
                (
                    "a trust store",
                    domain(json!({ "mutualTlsAuthentication": { "truststoreUri": "s3://trust/ca.pem" } })),
                    Pass,
                ),
                (
                    "AWS warns",
                    domain(
                        json!({ "mutualTlsAuthentication": { "truststoreUri": "s3://trust/ca.pem", "truststoreWarnings": ["expired"] } }),
                    ),
                    Fail,
                ),
                ("not partners", domain(json!({})).audience("public"), NotApplicable),
                ("denied", domain(json!({})).denied("GetDomainNames"), Unknown),
            ],
        );
    }

    #[test]
    fn the_way_around_is_closed() {
        table(
            "G20",
            vec![
                ("open", domain(json!({})), Fail),
                ("closed", domain(json!({})).api(json!({ "disableExecuteApiEndpoint": true })), Pass),
                ("no domain", Kit::rest().route("GET /a", "NONE"), NotApplicable),
                ("denied", domain(json!({})).denied("GetRestApis"), Unknown),
            ],
        );
        let trusted = domain(json!({ "mutualTlsAuthentication": { "truststoreUri": "s3://trust/ca.pem" } }));
        assert_eq!(trusted.ask("G20")[0].severity, Severity::High);
    }
}
