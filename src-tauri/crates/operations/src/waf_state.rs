//! What is known of web ACLs, in memory only: read when first asked for, when asked to read again, and after a change.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::future::join_all;
use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    coverage::{CallCounts, Coverage, Gap},
    waf::{NOT_EDITABLE, WafScope, WafSet, WebAcl, WebAclArn, WebAclLogging, web_acl_fields},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    inventory::OpenedContext,
};

/// The state. Behind every host one.
#[derive(Default)]
pub(crate) struct WafState {
    /// By the context's label.
    read: Mutex<BTreeMap<String, Arc<KnownWebAcls>>>,
    /// IP sets and pattern sets, by the context's label and ARN: read when a web ACL that refers to them is looked at.
    sets: Mutex<BTreeMap<(String, String), WafSet>>,
    /// Held while reading, so that two views that open at once read once.
    reading: tokio::sync::Mutex<()>,
}

/// Whether requests are logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum LoggingState {
    /// They are.
    On(WebAclLogging),
    /// They are not.
    Off,
    /// That could not be read.
    Unknown,
}

/// One web ACL.
#[derive(Debug)]
pub(crate) struct KnownWebAcl {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) scope: WafScope,
    /// `None` where it could not be read.
    pub(crate) acl: Option<WebAcl>,
    pub(crate) logging: LoggingState,
    /// Why it cannot be changed here, if it cannot.
    pub(crate) not_editable: Option<String>,
}

/// One context's.
#[derive(Debug, Default)]
pub(crate) struct KnownWebAcls {
    pub(crate) context: String,
    pub(crate) acls: Vec<KnownWebAcl>,
    /// Whether these are all.
    pub(crate) complete: bool,
    pub(crate) gaps: Vec<Gap>,
    /// RFC 3339.
    pub(crate) at: String,
    pub(crate) calls: CallCounts,
}

impl KnownWebAcls {
    pub(crate) fn find(&self, arn: &str) -> Option<&KnownWebAcl> {
        self.acls.iter().find(|known| known.arn == arn)
    }
}

impl Host {
    fn known_web_acls(&self) -> MutexGuard<'_, BTreeMap<String, Arc<KnownWebAcls>>> {
        self.inner.waf.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The web ACLs of every open context; `afresh` reads what was read before too.
    pub(crate) async fn web_acls(&self, afresh: bool) -> Vec<Arc<KnownWebAcls>> {
        let contexts = self.contexts().clone();
        let _turn = self.inner.waf.reading.lock().await;
        if afresh {
            self.known_web_acls().clear();
            self.known_sets().clear();
        }
        join_all(contexts.iter().map(|context| self.web_acls_of(context))).await
    }

    async fn web_acls_of(&self, context: &OpenedContext) -> Arc<KnownWebAcls> {
        if let Some(read) = self.known_web_acls().get(&*context.label) {
            return Arc::clone(read);
        }
        let read = Arc::new(self.read_web_acls(context).await);
        self.known_web_acls().insert(context.label.to_string(), Arc::clone(&read));
        read
    }

    async fn read_web_acls(&self, context: &OpenedContext) -> KnownWebAcls {
        let (at, label) = (self.now(), context.label.to_string());
        let session = match context.session(self).await {
            Ok(session) => session,
            Err(error) => {
                let gaps = vec![error.to_gap(&label, "web ACLs")];
                return KnownWebAcls { context: label, gaps, at, ..KnownWebAcls::default() };
            }
        };
        let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
        let read = reader.web_acls(&crate::waf_routes::arns_of_stages(context)).await;
        let acls = read
            .acls
            .into_iter()
            .map(|one| KnownWebAcl {
                scope: WebAclArn::read(&one.arn).map_or(WafScope::Regional, |arn| arn.scope),
                acl: one.answer.as_ref().map(|answer| WebAcl::read(&answer["WebACL"]).with_groups(&read.groups)),
                not_editable: one.answer.as_ref().and_then(|answer| {
                    web_acl_fields(answer).get(NOT_EDITABLE).and_then(|reason| reason.as_str().map(str::to_owned))
                }),
                logging: match &one.logging {
                    None => LoggingState::Unknown,
                    Some(logging) => WebAclLogging::read(logging).map_or(LoggingState::Off, LoggingState::On),
                },
                arn: one.arn,
                name: one.name,
            })
            .collect();
        KnownWebAcls { context: label, acls, complete: read.complete, gaps: read.gaps, at, calls: reader.counts() }
    }

    fn known_sets(&self) -> MutexGuard<'_, BTreeMap<(String, String), WafSet>> {
        self.inner.waf.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The IP sets and pattern sets that a web ACL refers to, and what of them could not be read.
    pub(crate) async fn waf_sets(&self, context: &OpenedContext, acl: &WebAcl) -> (Vec<WafSet>, Vec<Gap>) {
        let label = context.label.to_string();
        let (mut sets, mut gaps, mut session) = (Vec::new(), Vec::new(), None);
        for arn in acl.sets() {
            let key = (label.clone(), arn.clone());
            if let Some(known) = self.known_sets().get(&key).cloned() {
                sets.push(known);
                continue;
            }
            if session.is_none() {
                match context.session(self).await {
                    Ok(opened) => session = Some(opened),
                    Err(error) => {
                        gaps.push(error.to_gap(&label, "IP sets and regex pattern sets"));
                        break;
                    }
                }
            }
            let Some(session) = &session else { break };
            let reader = Reader::new(session, Lane::OnScreen, CancellationToken::new());
            match reader.waf_part(&arn).await {
                Ok(answer) => {
                    if let Some(set) = WafSet::read(&arn, &answer) {
                        self.known_sets().insert(key, set.clone());
                        sets.push(set);
                    }
                }
                Err(error) => gaps.push(error.to_gap(&label, &arn)),
            }
        }
        (sets, gaps)
    }

    /// Forgets what a change has made untrue; it is read again when next asked for.
    pub(crate) fn forget_web_acls(&self, context: &str) {
        self.known_web_acls().remove(context);
    }

    /// What is missing, inventory included: which stages an ACL stands before comes from there.
    pub(crate) fn waf_coverage(&self, known: &[Arc<KnownWebAcls>]) -> Coverage {
        let mut coverage = self.coverage();
        coverage.gaps.extend(known.iter().flat_map(|read| read.gaps.clone()));
        coverage.complete = coverage.complete && coverage.gaps.is_empty();
        coverage
    }

    /// The one web ACL of that ARN, id or name; `context` may be empty.
    ///
    /// # Errors
    /// `NotFound`, `InvalidInput` when there are several.
    pub(crate) async fn one_web_acl(&self, context: &str, named: &str) -> Result<(String, String, String), WireError> {
        let known = self.web_acls(false).await;
        let mut found = Vec::new();
        for read in known.iter().filter(|read| context.is_empty() || read.context == context) {
            for acl in &read.acls {
                let id = WebAclArn::read(&acl.arn).map(|arn| arn.id);
                if acl.arn == named || acl.name == named || id.as_deref() == Some(named) {
                    found.push((read.context.clone(), acl.arn.clone(), acl.name.clone()));
                }
            }
        }
        match (found.len(), found.pop()) {
            (1, Some(one)) => Ok(one),
            (_, None) => {
                let missing = known.iter().flat_map(|read| &read.gaps).map(|gap| gap.message.clone()).collect();
                Err(WireError {
                    details: missing,
                    ..WireError::new(ErrorCode::NotFound, format!("There is no web ACL {named} in the open contexts."))
                        .with_hint("List the web ACLs.")
                })
            }
            _ => Err(WireError::new(
                ErrorCode::InvalidInput,
                format!("Several web ACLs are named {named}: name one by its ARN."),
            )),
        }
    }
}
