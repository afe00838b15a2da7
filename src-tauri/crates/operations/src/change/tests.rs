//! The engine against an account in memory: every call can be made to fail in every way.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use futures::future::{BoxFuture, FutureExt as _};
use jiff::Timestamp;
use portcullis_domain::{
    FixedClock,
    change::{
        AwsCall, Fields, PatchOperation, Plan, PlanStep, PlanTarget, ThrottleEdit, ThrottlePlace, fields_after,
        throttle_calls,
    },
    journal::{Actor, JournalEvent, JournalRecord, Outcome, verify},
    throttle::Limit,
};
use tokio_util::sync::CancellationToken;

use super::*;

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    /// AWS refuses.
    Refused,
    /// It happens and the answer is lost.
    AnswerLost,
    /// It does not happen and neither does an answer.
    RequestLost,
    /// AWS accepts it, and nothing changes.
    Ignored,
    /// It waits for its turn until the person stops it.
    LongQueue,
}

/// Targets in memory, and a plan of mishaps by number of call.
struct Account {
    fields: Mutex<Vec<(PlanTarget, Fields)>>,
    calls: AtomicUsize,
    mishaps: Vec<(usize, Mishap)>,
}

impl Account {
    fn of(plan: &Plan, mishaps: Vec<(usize, Mishap)>) -> Self {
        let fields = plan.targets.iter().cloned().zip(plan.fields_before.iter().cloned()).collect();
        Self { fields: Mutex::new(fields), calls: AtomicUsize::new(0), mishaps }
    }

    fn fields_of(&self, target: &PlanTarget) -> Fields {
        self.fields.lock().unwrap().iter().find(|(other, _)| other == target).unwrap().1.clone()
    }

    fn set(&self, target: &PlanTarget, fields: Fields) {
        self.fields.lock().unwrap().iter_mut().find(|(other, _)| other == target).unwrap().1 = fields;
    }

    fn is_as(&self, plan: &Plan, expected: impl Fn(usize) -> Fields) -> bool {
        plan.targets.iter().enumerate().all(|(index, target)| self.fields_of(target) == expected(index))
    }
}

impl Gateway for Account {
    fn observe<'a>(&'a self, target: &'a PlanTarget) -> BoxFuture<'a, Result<Fields, CallFailure>> {
        async { Ok(self.fields_of(target)) }.boxed()
    }

    fn send<'a>(
        &'a self,
        target: &'a PlanTarget,
        call: &'a AwsCall,
        stop: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Sent, CallFailure>> {
        async {
            let number = self.calls.fetch_add(1, Ordering::SeqCst);
            let mishap = self.mishaps.iter().find(|(at, _)| *at == number).map(|(_, mishap)| *mishap);
            let failure = |certainty, code: &str| CallFailure {
                certainty,
                code: code.to_owned(),
                message: format!("{code} on {}", target.label()),
                request_id: None,
            };
            if mishap == Some(Mishap::LongQueue) {
                stop.cancelled().await;
                return Err(failure(Certainty::Stopped, "Cancelled"));
            }
            if mishap == Some(Mishap::Refused) {
                return Err(failure(Certainty::Refused, "AccessDeniedException"));
            }
            if !matches!(mishap, Some(Mishap::RequestLost | Mishap::Ignored)) {
                self.set(target, fields_after(call, &self.fields_of(target)).unwrap());
            }
            match mishap {
                Some(Mishap::AnswerLost | Mishap::RequestLost) => Err(failure(Certainty::Unknown, "Timeout")),
                _ => Ok(Sent { request_id: Some(format!("request-{number}")) }),
            }
        }
        .boxed()
    }
}

/// A journal in memory, which may be full after some records.
#[derive(Default)]
struct Journal {
    records: Mutex<Vec<JournalRecord>>,
    room: Option<usize>,
}

impl Ledger for Journal {
    fn append(&self, entry: &str, event: JournalEvent) -> Result<JournalRecord, LedgerFailure> {
        let mut records = self.records.lock().unwrap();
        if self.room.is_some_and(|room| records.len() >= room) {
            return Err(LedgerFailure::Unavailable("database or disk is full".to_owned()));
        }
        let head = records.last().map(JournalRecord::head).unwrap_or_default();
        let record = head.append("2026-03-01T10:00:00Z".to_owned(), entry.to_owned(), event).unwrap();
        records.push(record.clone());
        Ok(record)
    }
}

impl Journal {
    fn outcome(&self) -> Option<Outcome> {
        let records = self.records.lock().unwrap();
        let head = records.last().map(JournalRecord::head).unwrap_or_default();
        verify(records.iter(), &head).expect("the chain holds");
        records.iter().rev().find_map(|record| match &record.event {
            JournalEvent::Closed { outcome, .. } => Some(*outcome),
            _ => None,
        })
    }
}

fn stage(api: &str) -> PlanTarget {
    PlanTarget::RestStage { context: "demo".into(), api_id: api.into(), api_name: api.into(), stage: "prod".into() }
}

/// "All login routes: 10 per second" over three APIs: one step each.
fn three_steps() -> Plan {
    let targets: Vec<PlanTarget> = ["one", "two", "three"].map(stage).to_vec();
    let place = ThrottlePlace::Method { method: "POST".into(), path: "/login".into() };
    let edit = ThrottleEdit { place, limit: Some(Limit { rate: Some(10.0), burst: Some(20) }) };
    let mut steps = Vec::new();
    for (target, it) in targets.iter().enumerate() {
        for call in throttle_calls(it, &Fields::new(), std::slice::from_ref(&edit)).unwrap() {
            let fields_after = fields_after(&call, &Fields::new()).unwrap();
            let (command, iam_action, resource_arn) = (String::new(), String::new(), String::new());
            steps.push(PlanStep { target, call, command, iam_action, resource_arn, fields_after });
        }
    }
    Plan {
        id: "p1".into(),
        operation: "throttle_set".into(),
        title: "Limit logins".into(),
        fields_before: vec![Fields::new(); targets.len()],
        targets,
        changes: vec![],
        steps,
        warnings: vec![],
        routes: vec![],
        tenants: vec![],
        undoes: None,
        undo: String::new(),
        watched: vec!["methodSettings/".into()],
        fingerprint: String::new(),
        guards: vec![],
        made_at: "2026-03-01T10:00:00Z".into(),
    }
}

const CLOCK: FixedClock = FixedClock(Timestamp::UNIX_EPOCH);

fn request() -> Apply {
    Apply {
        entry: "e1".into(),
        actor: Actor { caller_arn: "arn:aws:iam::111122223333:user/ana".into(), local_user: "ana".into() },
        reason: "credential stuffing".into(),
        follows: None,
        cancel: CancellationToken::new(),
    }
}

async fn applied(plan: &Plan, account: &Account, journal: &Journal) -> Result<Applied, ChangeError> {
    let seams = Seams { gateway: account, ledger: journal, clock: &CLOCK };
    apply(plan, &request(), &seams, &|_| {}).await
}

#[tokio::test]
async fn a_change_that_works_is_read_back_and_closed() {
    let (plan, journal) = (three_steps(), Journal::default());
    let account = Account::of(&plan, vec![]);
    let done = applied(&plan, &account, &journal).await.unwrap();
    assert_eq!(done.request_ids.len(), 3);
    assert!(account.is_as(&plan, |target| plan.fields_expected(target).unwrap().clone()));
    assert_eq!(journal.outcome(), Some(Outcome::Applied));
}

#[tokio::test]
async fn a_refusal_at_any_step_leaves_the_account_as_it_was() {
    for at in 0..3 {
        let (plan, journal) = (three_steps(), Journal::default());
        let account = Account::of(&plan, vec![(at, Mishap::Refused)]);
        let error = applied(&plan, &account, &journal).await.unwrap_err();
        assert!(account.is_as(&plan, |_| Fields::new()), "refused at step {at}");
        let expected = if at == 0 { Outcome::Refused } else { Outcome::RolledBack };
        assert!(matches!(error, ChangeError::Failed { outcome, .. } if outcome == expected), "{error}");
        assert_eq!(journal.outcome(), Some(expected));
    }
}

/// Two steps on one target, the second building on the first.
fn two_steps_on_one_target() -> Plan {
    let mut plan = three_steps();
    plan.targets.truncate(1);
    plan.fields_before.truncate(1);
    plan.steps.truncate(1);
    let AwsCall::UpdateStage { api_id, stage_name, .. } = plan.steps[0].call.clone() else {
        unreachable!("a REST stage")
    };
    let patch_operations = vec![PatchOperation::remove("/~1login/POST")];
    let call = AwsCall::UpdateStage { api_id, stage_name, patch_operations };
    let fields_after = fields_after(&call, &plan.steps[0].fields_after).unwrap();
    plan.steps.push(PlanStep { call, fields_after, ..plan.steps[0].clone() });
    plan
}

#[tokio::test]
async fn a_step_that_had_no_effect_is_not_built_upon() {
    let (plan, journal) = (two_steps_on_one_target(), Journal::default());
    let account = Account::of(&plan, vec![(0, Mishap::Ignored)]);
    let error = applied(&plan, &account, &journal).await.unwrap_err();
    assert_eq!(account.calls.load(Ordering::SeqCst), 1, "the second step was not sent: {error}");
    let stopped = matches!(&error, ChangeError::Failed { source: Some(source), .. } if source.code == "NotAsPlanned");
    assert!(stopped, "{error:?}");

    let (plan, journal) = (two_steps_on_one_target(), Journal::default());
    let account = Account::of(&plan, vec![]);
    applied(&plan, &account, &journal).await.unwrap();
    assert_eq!(account.calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading_back() {
    for at in 0..3 {
        let (plan, journal) = (three_steps(), Journal::default());
        let account = Account::of(&plan, vec![(at, Mishap::AnswerLost)]);
        applied(&plan, &account, &journal).await.unwrap();
        assert_eq!(account.calls.load(Ordering::SeqCst), 3, "the call that happened is not sent again");
        assert_eq!(journal.outcome(), Some(Outcome::Applied));
    }
}

#[tokio::test]
async fn a_lost_request_is_sent_again_only_when_twice_is_harmless() {
    let (plan, journal) = (three_steps(), Journal::default());
    let account = Account::of(&plan, vec![(1, Mishap::RequestLost)]);
    applied(&plan, &account, &journal).await.unwrap();
    assert_eq!(account.calls.load(Ordering::SeqCst), 4);

    let journal = Journal::default();
    let account = Account::of(&plan, vec![(1, Mishap::RequestLost), (2, Mishap::RequestLost)]);
    let error = applied(&plan, &account, &journal).await.unwrap_err();
    assert!(matches!(error, ChangeError::Failed { outcome: Outcome::RolledBack, .. }), "{error}");
    assert!(account.is_as(&plan, |_| Fields::new()));
}

#[tokio::test]
async fn when_taking_back_fails_too_the_journal_says_what_stays() {
    let (plan, journal) = (three_steps(), Journal::default());
    let account = Account::of(&plan, vec![(2, Mishap::Refused), (3, Mishap::Refused)]);
    let error = applied(&plan, &account, &journal).await.unwrap_err();
    insta::assert_snapshot!(error, @"step 3 of 3 failed (AccessDeniedException on stage prod of API three (three)) and what was done before it stays, because AccessDeniedException on stage prod of API two (two); look at the live state, then undo or finish this entry");
    assert_eq!(journal.outcome(), Some(Outcome::Partial));
}

#[tokio::test]
async fn somebody_elses_change_is_a_conflict_and_nothing_is_sent() {
    let (plan, journal) = (three_steps(), Journal::default());
    let account = Account::of(&plan, vec![]);
    let theirs = Fields::from([("methodSettings/POST /login/rateLimit".to_owned(), serde_json::json!(3.0))]);
    account.set(&plan.targets[1], theirs.clone());
    let error = applied(&plan, &account, &journal).await.unwrap_err();
    let ChangeError::Conflict { differences, .. } = error else { panic!("{error}") };
    assert_eq!(differences.len(), 1);
    assert_eq!((differences[0].target, &differences[0].live), (1, &Some(serde_json::json!(3.0))));
    assert_eq!(account.calls.load(Ordering::SeqCst), 0);
    assert_eq!(account.fields_of(&plan.targets[1]), theirs);
    assert_eq!(journal.outcome(), Some(Outcome::Conflict));
}

#[tokio::test]
async fn a_journal_without_room_stops_the_change_before_it_begins() {
    let plan = three_steps();
    let account = Account::of(&plan, vec![]);
    let journal = Journal { room: Some(0), ..Journal::default() };
    let error = applied(&plan, &account, &journal).await.unwrap_err();
    assert_eq!(error.to_string(), "the journal cannot be written (database or disk is full); nothing was changed");
    assert_eq!(account.calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_journal_that_fills_up_in_the_middle_never_knows_less_than_the_account() {
    let plan = three_steps();
    for room in 1..=8 {
        let account = Account::of(&plan, vec![]);
        let journal = Journal { room: Some(room), ..Journal::default() };
        let outcome = applied(&plan, &account, &journal).await;
        let begun = journal
            .records
            .lock()
            .unwrap()
            .iter()
            .filter(|record| matches!(record.event, JournalEvent::StepStarted { .. }))
            .count();
        let as_before = account.is_as(&plan, |_| Fields::new());
        let as_planned = account.is_as(&plan, |target| plan.fields_expected(target).unwrap().clone());
        // Nothing is sent that was not written down before; what was sent without an end is taken back, or is all there.
        match outcome {
            Ok(_) => assert!(as_planned && begun == 3, "room {room}"),
            Err(error) => assert!(as_before && begun < 3, "room {room}: {error}"),
        }
        assert!(journal.outcome().is_none(), "room {room}: no room was left for the end, so the next start shows it");
    }
}

#[tokio::test]
async fn stopping_between_two_calls_keeps_what_is_done_and_says_so() {
    let (plan, journal) = (three_steps(), Journal::default());
    let account = Account::of(&plan, vec![]);
    let request = request();
    let seams = Seams { gateway: &account, ledger: &journal, clock: &CLOCK };
    let cancel = request.cancel.clone();
    let error = apply(&plan, &request, &seams, &move |done| {
        if done == 1 {
            cancel.cancel();
        }
    })
    .await
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "stopped: steps 1 to 1 of 3 are done and stay, the rest was not sent; undo takes them back"
    );
    assert_eq!(account.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_queue_can_be_left_and_nothing_of_it_is_sent() {
    for (at, outcome, says) in [
        (0, Outcome::Refused, "stopped before the first call: nothing was changed"),
        (
            2,
            Outcome::Partial,
            "stopped: steps 1 to 2 of 3 are done and stay, the rest was not sent; undo takes them back",
        ),
    ] {
        let (plan, journal) = (three_steps(), Journal::default());
        let account = Account::of(&plan, vec![(at, Mishap::LongQueue)]);
        let (request, seams) = (request(), Seams { gateway: &account, ledger: &journal, clock: &CLOCK });
        let stop = async {
            while account.calls.load(Ordering::SeqCst) <= at {
                tokio::task::yield_now().await;
            }
            request.cancel.cancel();
        };
        let (error, ()) = tokio::join!(apply(&plan, &request, &seams, &|_| {}), stop);
        assert_eq!(error.unwrap_err().to_string(), says);
        assert_eq!(journal.outcome(), Some(outcome));
        let done = |target: usize| target < at;
        assert!(account.is_as(&plan, |target| match done(target) {
            true => plan.fields_expected(target).unwrap().clone(),
            false => Fields::new(),
        }));
    }
}

/// The process dies after `calls` calls: the account has those, the journal has no end.
async fn interrupted_after(plan: &Plan, calls: usize) -> (Account, Journal) {
    let account = Account::of(plan, vec![]);
    for step in &plan.steps[..calls] {
        account.send(&plan.targets[step.target], &step.call, &CancellationToken::new()).await.unwrap();
    }
    let journal = Journal::default();
    let opened = JournalEvent::Opened {
        actor: request().actor,
        reason: String::new(),
        plan: Box::new(plan.clone()),
        follows: None,
    };
    journal.append("e1", opened).unwrap();
    (account, journal)
}

#[tokio::test]
async fn an_interrupted_change_can_be_finished_or_taken_back_from_every_point() {
    let plan = three_steps();
    for calls in 0..=3 {
        let (account, journal) = interrupted_after(&plan, calls).await;
        let seams = Seams { gateway: &account, ledger: &journal, clock: &CLOCK };
        let seen = inspect(&plan, "e1", &seams).await;
        let done = seen.steps.iter().filter(|state| **state == StepState::Done).count();
        assert_eq!((done, seen.is_clear()), (calls, true));
        finish(&plan, "e1", &seams, &CancellationToken::new(), &|_| {}).await.unwrap();
        assert_eq!(account.calls.load(Ordering::SeqCst), 3, "no step is sent twice");
        assert!(account.is_as(&plan, |target| plan.fields_expected(target).unwrap().clone()));
        assert_eq!(journal.outcome(), Some(Outcome::Applied));

        let (account, journal) = interrupted_after(&plan, calls).await;
        let seams = Seams { gateway: &account, ledger: &journal, clock: &CLOCK };
        take_back(&plan, "e1", &seams).await.unwrap();
        assert!(account.is_as(&plan, |_| Fields::new()));
        assert_eq!(journal.outcome(), Some(Outcome::RolledBack));
    }
}

#[tokio::test]
async fn an_interrupted_change_that_others_touched_is_left_to_a_person() {
    let plan = three_steps();
    let (account, journal) = interrupted_after(&plan, 2).await;
    let theirs = Fields::from([("methodSettings/POST /login/rateLimit".to_owned(), serde_json::json!(3.0))]);
    account.set(&plan.targets[0], theirs.clone());
    let seams = Seams { gateway: &account, ledger: &journal, clock: &CLOCK };
    let seen = inspect(&plan, "e1", &seams).await;
    assert_eq!(seen.steps, [StepState::Unknown, StepState::Done, StepState::NotDone]);
    assert!(matches!(take_back(&plan, "e1", &seams).await, Err(ChangeError::Conflict { .. })));
    assert_eq!(account.fields_of(&plan.targets[0]), theirs);
    assert_eq!(journal.outcome(), None, "the entry stays open");
}
