//! Names of web ACLs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::contents::WafPartKind;

/// What a web ACL can stand before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum WafScope {
    /// Stages of REST APIs, load balancers and the like, in one region.
    Regional,
    /// Distributions of CloudFront; reached in us-east-1 alone.
    CloudFront,
}

impl WafScope {
    /// AWS's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Regional => "REGIONAL",
            Self::CloudFront => "CLOUDFRONT",
        }
    }
}

/// The parts of `arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID` (`global` for CloudFront's).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAclArn {
    /// The scope.
    pub scope: WafScope,
    /// The name.
    pub name: String,
    /// The id.
    pub id: String,
}

impl WebAclArn {
    /// Reads one; `None` for anything else, AWS WAF Classic's among it.
    #[must_use]
    pub fn read(arn: &str) -> Option<Self> {
        let (scope, kind, name, id) = parts(arn)?;
        (kind == "webacl").then(|| Self { scope, name: name.to_owned(), id: id.to_owned() })
    }
}

/// The parts of the ARN of a rule group, an IP set or a regex pattern set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WafPartArn {
    /// Which of them.
    pub kind: WafPartKind,
    /// The scope.
    pub scope: WafScope,
    /// The name.
    pub name: String,
    /// The id.
    pub id: String,
}

impl WafPartArn {
    /// Reads one; `None` for anything else.
    #[must_use]
    pub fn read(arn: &str) -> Option<Self> {
        let (scope, kind, name, id) = parts(arn)?;
        let kind = match kind {
            "rulegroup" => WafPartKind::RuleGroup,
            "ipset" => WafPartKind::IpSet,
            "regexpatternset" => WafPartKind::RegexPatternSet,
            _ => return None,
        };
        Some(Self { kind, scope, name: name.to_owned(), id: id.to_owned() })
    }
}

/// Scope, kind, name and id of `arn:aws:wafv2:REGION:ACCOUNT:SCOPE/KIND/NAME/ID`.
fn parts(arn: &str) -> Option<(WafScope, &str, &str, &str)> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") || parts.nth(1) != Some("wafv2") {
        return None;
    }
    let mut resource = parts.nth(2)?.split('/');
    let scope = match resource.next()? {
        "regional" => WafScope::Regional,
        "global" => WafScope::CloudFront,
        _ => return None,
    };
    Some((scope, resource.next()?, resource.next()?, resource.next()?))
}

/// The name in the ARN of an IP set, pattern set or rule group: `…/ipset/NAME/ID`; the ARN itself where it is none.
pub(super) fn set_name(arn: &str) -> &str {
    let mut parts = arn.rsplit('/');
    let (_, name) = (parts.next(), parts.next());
    name.filter(|name| !name.is_empty()).unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_in_parts() {
        let read = |arn| WebAclArn::read(arn).map(|arn| (arn.scope, arn.name));
        assert_eq!(
            read("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-shield/a1b2"),
            Some((WafScope::Regional, "shop-shield".to_owned()))
        );
        assert_eq!(
            read("arn:aws-cn:wafv2:us-east-1:1:global/webacl/edge/x"),
            Some((WafScope::CloudFront, "edge".to_owned()))
        );
        assert_eq!(read("arn:aws:waf-regional:eu-west-1:1:webacl/classic"), None);
        assert_eq!(read("arn:aws:wafv2:eu-west-1:1:regional/ipset/office/x"), None);
        assert_eq!(set_name("arn:aws:wafv2:eu-west-1:1:regional/ipset/office/x"), "office");
        assert_eq!(set_name("office"), "office");
    }
}
