//! Reading an account's inventory with the fewest calls, streaming it API by API.

mod account;
mod convert;
mod guards;
mod http;
mod log_groups;
mod parts;
mod posture;
mod rest;

pub(crate) use convert::live_summary;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use portcullis_domain::{
    coverage::{Gap, GapKind},
    inventory::{AccountInventory, ApiInventory, Identity},
};
use tokio::sync::mpsc;

pub use posture::{PostureEvidence, collect_posture};

use crate::{AwsError, RawAnswer, Reader};

/// APIs that are read at the same time; the budget, not this, decides how fast.
const APIS_AT_ONCE: usize = 8;

/// What reading brings, in the order in which it comes.
#[derive(Debug)]
pub enum InventoryEvent {
    /// Who asks, before anything that was read; `None` when STS does not say and API Gateway answers all the same.
    Identity(Option<Identity>),
    /// How many APIs there are, once the lists are read.
    Total(u32),
    /// What belongs to the account.
    Account(AccountInventory),
    /// An API, whole as far as it could be read.
    Api(Box<ReadApi>),
    /// A call that failed.
    Gap(Gap),
}

/// An API as it was read.
#[derive(Debug)]
pub struct ReadApi {
    /// What the domain makes of it.
    pub inventory: ApiInventory,
    /// What AWS answered.
    pub raw: Vec<RawAnswer>,
    /// Whether every call for it brought its data.
    pub complete: bool,
}

/// Where results and gaps go while an account is read.
#[derive(Debug, Clone)]
pub(crate) struct Collector<'a> {
    pub(crate) reader: &'a Reader<'a>,
    events: mpsc::Sender<InventoryEvent>,
    context: Arc<str>,
    /// Whether anything was answered yet.
    answered: Arc<AtomicBool>,
    /// Whether it is known who asks.
    identified: bool,
}

impl Collector<'_> {
    pub(crate) async fn send(&self, event: InventoryEvent) {
        // A receiver that is gone has been told to stop; there is nobody left to tell.
        if self.events.send(event).await.is_err() {
            tracing::debug!("the inventory's receiver is gone");
        }
    }

    /// A failed read becomes a gap and `None`.
    pub(crate) async fn or_gap<T>(&self, resource: &str, outcome: Result<T, AwsError>) -> Option<T> {
        match outcome {
            Ok(value) => {
                if !self.answered.swap(true, Ordering::AcqRel) && !self.identified {
                    self.send(InventoryEvent::Identity(None)).await;
                }
                Some(value)
            }
            Err(error) => {
                self.send(InventoryEvent::Gap(error.to_gap(&self.context, resource))).await;
                None
            }
        }
    }
}

/// Reads everything of one context. Failed calls are events, and the rest goes on.
///
/// With `only`, an API's id or name, just that API (and every other of the name) is read beyond the lists.
///
/// # Errors
/// When the credentials are refused: then everything else is too. When neither STS nor API Gateway answers anything.
pub async fn collect_inventory(
    reader: &Reader<'_>,
    only: Option<&str>,
    events: mpsc::Sender<InventoryEvent>,
) -> Result<(), AwsError> {
    let context: Arc<str> = reader.session.spec().label().into();
    let identity = reader.session.identify(reader).await;
    let collector = Collector { reader, events, context, answered: Arc::default(), identified: identity.is_ok() };
    // An endpoint that is blocked, or a policy of a VPC endpoint, denies STS and not API Gateway.
    let unidentified = match identity {
        Ok(identity) => {
            collector.send(InventoryEvent::Identity(Some(identity))).await;
            None
        }
        Err(error) if matches!(error.kind, GapKind::Credentials | GapKind::Cancelled) => return Err(error),
        Err(error) => {
            let gap = error.to_gap(&collector.context, "whose account this is");
            collector.send(InventoryEvent::Gap(gap)).await;
            Some(error)
        }
    };
    let account = account::collect(&collector);
    let apis = async {
        let (mut rest, mut http) = futures::join!(rest::list(&collector), http::list(&collector));
        if let Some(only) = only {
            rest.retain(|(api, _)| [api.id(), api.name()].contains(&Some(only)));
            http.retain(|(api, _)| [api.api_id(), api.name()].contains(&Some(only)));
        }
        let total = u32::try_from(rest.len() + http.len()).unwrap_or(u32::MAX);
        collector.send(InventoryEvent::Total(total)).await;
        // Boxed: a stream of two kinds of futures that borrow is more than the compiler proves `Send` of.
        let mut pending: Vec<BoxFuture<'_, ReadApi>> = Vec::new();
        pending.extend(rest.into_iter().map(|api| rest::read(&collector, api).boxed()));
        pending.extend(http.into_iter().map(|api| http::read(&collector, api).boxed()));
        let mut reads = stream::iter(pending).buffer_unordered(APIS_AT_ONCE);
        while let Some(read) = reads.next().await {
            collector.send(InventoryEvent::Api(Box::new(read))).await;
        }
    };
    futures::join!(account, apis);
    match unidentified {
        Some(error) if !collector.answered.load(Ordering::Acquire) => Err(error),
        _ => Ok(()),
    }
}
