//! Releases under watch on the demo account, by a clock that is turned: modes, steps, restarts, two programs, people who
//! come in between, and every way in which the console's own rollback can fail.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::rehearsal::{BAD, GOOD, Rehearsal, may_change, release_in};
use portcullis_demo::Fault;
use portcullis_domain::{
    canary::{CanaryState, CanaryVerdict, ReleaseMode, ReleaseState, ReleaseStep, ReleaseTerms},
    context::AccessMode,
    journal::{JournalEntry, Outcome},
};
use portcullis_operations::{
    canary_promote::{CanaryPromoteRequest, canary_promote},
    canary_release_begin::{CanaryReleaseBeginRequest, canary_release_begin},
    canary_release_list::ReleaseLine,
    canary_release_stop::{CanaryReleaseStopRequest, canary_release_stop},
    canary_rollback::{CanaryRollbackRequest, canary_rollback},
    canary_set::{CanarySetRequest, canary_set},
    canary_template_list::{CanaryTemplateListRequest, canary_template_list},
    canary_template_save::{CanaryTemplateSaveRequest, canary_template_save},
    error::{ErrorCode, WireError},
    host::Host,
    plan_apply::{PlanApplyRequest, plan_apply},
    throttle_copy::StageName,
};

fn on(stage: &StageName, mode: ReleaseMode) -> CanaryReleaseBeginRequest {
    CanaryReleaseBeginRequest {
        stage: stage.clone(),
        terms: Some(ReleaseTerms { mode, ..ReleaseTerms::default() }),
        template: None,
        reason: "release 4.2".to_owned(),
        confirmed: true,
        typed: Vec::new(),
    }
}

async fn begin(rehearsal: &Rehearsal, description: &str, mode: ReleaseMode) -> ReleaseLine {
    let stage = rehearsal.prod().await;
    rehearsal.start(&stage, description).await;
    canary_release_begin(&rehearsal.host, on(&stage, mode)).await.unwrap()
}

async fn apply(host: &Host, plan: portcullis_domain::change::Plan) -> Result<(), WireError> {
    let request = PlanApplyRequest { plan_id: plan.id, acknowledged: true, ..PlanApplyRequest::default() };
    plan_apply(host, request).await.map(drop)
}

#[tokio::test]
async fn the_bad_candidate_is_taken_back_by_the_console_itself_and_the_journal_says_why() {
    let rehearsal = Rehearsal::begin().await;
    let line = begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    assert_eq!(line.release.state, ReleaseState::Watching, "nothing is known yet: {:?}", line.release.judgement);
    assert!(line.next[0].contains("removes the canary by itself"));
    rehearsal.minutes(5).await;
    let release = rehearsal.release().await;
    assert_eq!(release.state, ReleaseState::RolledBack, "{} {:?}", release.words, release.judgement);
    assert!(release.looks <= 5 && release.words.contains("coupon"), "{}", release.words);
    assert_eq!(rehearsal.live().await.0, CanaryState::None);
    let journal = rehearsal.journal().await;
    let [_start, note, rollback] = journal.as_slice() else { panic!("{journal:?}") };
    assert_eq!(release.confirmed_in.as_ref(), Some(&note.id));
    assert!(
        note.reason.contains("removes the canary by itself") && note.reason.contains("release 4.2"),
        "{}",
        note.reason
    );
    assert_eq!(
        (release.entries.as_slice(), rollback.outcome),
        ([rollback.id.clone()].as_slice(), Some(Outcome::Applied))
    );
    assert!(rollback.reason.contains(&release.id) && rollback.reason.contains("coupon"), "{}", rollback.reason);
    assert_eq!(rollback.plan.as_ref().unwrap().operation, "canary_rollback");
}

#[tokio::test]
async fn the_good_candidate_is_healthy_to_the_end_and_nothing_is_done_to_it() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, GOOD, ReleaseMode::Automatic).await;
    rehearsal.minutes(31).await;
    let release = rehearsal.release().await;
    assert_eq!(release.state, ReleaseState::Healthy, "{} {:?}", release.words, release.judgement);
    assert_eq!(release.looks, 31, "the first look is at once, the last at the end");
    assert_eq!(rehearsal.live().await, (CanaryState::Running, 10.0), "it promotes nothing");
    assert_eq!(rehearsal.journal().await.len(), 2, "the start and the confirmation");
}

#[tokio::test]
async fn who_observes_or_recommends_only_looks() {
    for mode in [ReleaseMode::Observe, ReleaseMode::Recommend] {
        let rehearsal = Rehearsal::begin().await;
        begin(&rehearsal, BAD, mode).await;
        rehearsal.minutes(5).await;
        let release = rehearsal.release().await;
        assert_eq!(release.judgement.unwrap().verdict, CanaryVerdict::Breached);
        assert_eq!((release.state, release.confirmed_in), (ReleaseState::Watching, None));
        rehearsal.minutes(26).await;
        assert_eq!(rehearsal.release().await.state, ReleaseState::Breached, "to its end");
        assert_eq!(rehearsal.live().await.0, CanaryState::Running);
        assert_eq!(rehearsal.journal().await.len(), 1, "nothing was done, so nothing is written");
    }
}

fn steps(of: &[(f64, u32)]) -> Vec<ReleaseStep> {
    of.iter().map(|(percent, minutes)| ReleaseStep { percent: *percent, minutes: *minutes }).collect()
}

#[tokio::test]
async fn a_step_plan_widens_as_it_was_confirmed_while_the_candidate_is_healthy_and_promotes_nothing() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    rehearsal.start(&stage, GOOD).await;
    let terms = ReleaseTerms {
        steps: steps(&[(5.0, 5), (25.0, 5), (50.0, 5)]),
        mode: ReleaseMode::Automatic,
        ..ReleaseTerms::default()
    };
    let request = CanaryReleaseBeginRequest { terms: Some(terms), ..on(&stage, ReleaseMode::Automatic) };
    let begun = canary_release_begin(&rehearsal.host, request).await.unwrap();
    assert_eq!((begun.release.step, rehearsal.live().await.1), (0, 5.0), "the first step's share at once");
    let mut shares = Vec::new();
    for _ in 0..18 {
        rehearsal.minutes(1).await;
        shares.push(rehearsal.live().await.1);
    }
    shares.dedup();
    assert_eq!(shares, [5.0, 25.0, 50.0]);
    let release = rehearsal.release().await;
    assert_eq!(release.state, ReleaseState::Healthy, "{} {:?}", release.words, release.judgement);
    assert!(release.words.contains("every step, the last at 50 %"), "{}", release.words);
    let reasons: Vec<String> = rehearsal.journal().await.into_iter().skip(2).map(|entry| entry.reason).collect();
    assert_eq!(reasons.len(), 3);
    assert!(reasons[2].contains("step 3 of 3"), "{reasons:?}");
}

#[tokio::test]
async fn a_first_step_whose_share_could_not_be_set_is_tried_again_before_any_other() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    rehearsal.start(&stage, GOOD).await;
    let refusal = Fault { times: Some(2), ..Fault::denied("apigateway", "UpdateStage") };
    rehearsal.bench.account.faults().fail(refusal);
    let terms =
        ReleaseTerms { steps: steps(&[(5.0, 3), (50.0, 3)]), mode: ReleaseMode::Automatic, ..ReleaseTerms::default() };
    let request = CanaryReleaseBeginRequest { terms: Some(terms), ..on(&stage, ReleaseMode::Automatic) };
    let begun = canary_release_begin(&rehearsal.host, request).await.unwrap();
    assert!(begun.release.trouble.unwrap().contains("could not be set to 5 %"));
    assert_eq!(rehearsal.live().await.1, 10.0);
    rehearsal.minutes(1).await;
    let release = rehearsal.release().await;
    assert_eq!((release.step, release.trouble, rehearsal.live().await.1), (0, None, 5.0));
}

#[tokio::test]
async fn a_step_plan_holds_while_too_little_is_known() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    rehearsal.start(&stage, GOOD).await;
    let mut terms =
        ReleaseTerms { steps: steps(&[(10.0, 3), (50.0, 3)]), mode: ReleaseMode::Recommend, ..ReleaseTerms::default() };
    terms.criteria.least_requests = 10_000_000;
    let request = CanaryReleaseBeginRequest { terms: Some(terms), ..on(&stage, ReleaseMode::Recommend) };
    canary_release_begin(&rehearsal.host, request).await.unwrap();
    rehearsal.minutes(11).await;
    assert_eq!((rehearsal.release().await.step, rehearsal.live().await.1), (0, 10.0));
    rehearsal.minutes(2).await;
    assert_eq!(rehearsal.release().await.state, ReleaseState::Inconclusive, "twice the steps' time, then a person");
}

#[tokio::test]
async fn what_the_console_may_do_by_itself_needs_a_persons_word() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    let refused = |request| canary_release_begin(&rehearsal.host, request);
    let automatic = on(&stage, ReleaseMode::Automatic);
    let unsaid = refused(CanaryReleaseBeginRequest { confirmed: false, ..automatic.clone() }).await.unwrap_err();
    assert_eq!(unsaid.code, ErrorCode::ConfirmationNeeded);
    assert!(unsaid.details[0].contains("removes the canary by itself"), "{unsaid:?}");
    may_change(&rehearsal.host, AccessMode::Operator, true).await;
    assert_eq!(refused(automatic.clone()).await.unwrap_err().code, ErrorCode::ConfirmationNeeded, "protected");
    may_change(&rehearsal.host, AccessMode::ReadOnly, false).await;
    assert_eq!(refused(automatic.clone()).await.unwrap_err().code, ErrorCode::ReadOnly);
    assert!(rehearsal.journal().await.is_empty());
    // Looking needs nobody's leave.
    let observed = refused(on(&stage, ReleaseMode::Observe)).await.unwrap();
    canary_release_stop(&rehearsal.host, CanaryReleaseStopRequest { id: observed.release.id, reason: String::new() })
        .await
        .unwrap();
    may_change(&rehearsal.host, AccessMode::Operator, true).await;
    let typed = CanaryReleaseBeginRequest { typed: vec!["demo".to_owned()], ..automatic };
    assert!(refused(typed).await.unwrap().release.confirmed_in.is_some());
}

#[tokio::test]
async fn what_cannot_be_a_release_is_refused() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    let refused = |request| canary_release_begin(&rehearsal.host, request);
    let none = rehearsal.stage("clinic-portal", "prod").await;
    let error = refused(on(&none, ReleaseMode::Observe)).await.unwrap_err();
    assert!(error.message.contains("has no canary to watch"), "{error:?}");
    let mobile = rehearsal.stage("mobile", "$default").await;
    assert_eq!(refused(on(&mobile, ReleaseMode::Observe)).await.unwrap_err().code, ErrorCode::InvalidInput);
    let terms = ReleaseTerms { steps: steps(&[(5.0, 0)]), mode: ReleaseMode::Recommend, ..ReleaseTerms::default() };
    let senseless = CanaryReleaseBeginRequest { terms: Some(terms), ..on(&stage, ReleaseMode::Recommend) };
    assert_eq!(refused(senseless).await.unwrap_err().code, ErrorCode::InvalidInput);
    refused(on(&stage, ReleaseMode::Observe)).await.unwrap();
    let twice = refused(on(&stage, ReleaseMode::Observe)).await.unwrap_err();
    assert_eq!(twice.code, ErrorCode::Conflict, "{twice:?}");
}

#[tokio::test]
async fn the_watch_goes_on_after_a_restart_with_what_was_missed() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    // The program ends before the first minute is over, and is started again after ten.
    let Rehearsal { bench, clock, host } = rehearsal;
    drop(host);
    clock.turn_minutes(10);
    let rehearsal = Rehearsal { host: Rehearsal::reopen(&bench, &clock).await, bench, clock };
    rehearsal.host.look_at_releases().await.unwrap();
    let release = rehearsal.release().await;
    assert_eq!(release.state, ReleaseState::RolledBack, "{}", release.words);
    assert_eq!(release.gaps.len(), 1);
    assert!(release.gaps[0].why.contains("did not run"), "{:?}", release.gaps);
    assert_eq!(rehearsal.live().await.0, CanaryState::None);
}

#[tokio::test]
async fn of_two_programs_one_acts() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    let other = rehearsal.another().await;
    for _ in 0..5 {
        rehearsal.clock.turn_minutes(1);
        let (one, two) = tokio::join!(rehearsal.host.look_at_releases(), other.look_at_releases());
        one.unwrap();
        two.unwrap();
    }
    assert_eq!(rehearsal.release().await.state, ReleaseState::RolledBack);
    assert_eq!(release_in(&other).await.release.state, ReleaseState::RolledBack, "both know");
    let rolls_back = |entry: &JournalEntry| entry.plan.as_ref().is_some_and(|plan| plan.operation == "canary_rollback");
    let rollbacks = rehearsal.journal().await.iter().filter(|entry| rolls_back(entry)).count();
    assert_eq!(rollbacks, 1);
}

#[tokio::test]
async fn another_program_takes_over_when_the_first_is_gone() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    let other = rehearsal.another().await;
    rehearsal.clock.turn_minutes(2);
    other.look_at_releases().await.unwrap();
    assert_eq!(release_in(&other).await.release.looks, 1, "the first holds it");
    rehearsal.clock.turn_minutes(2);
    other.look_at_releases().await.unwrap();
    assert_eq!(release_in(&other).await.release.state, ReleaseState::RolledBack, "its claim ran out");
}

#[tokio::test]
async fn somebody_who_changes_the_stage_ends_it_and_is_named() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    let stage = rehearsal.prod().await;
    let (_theirs, them) = rehearsal.somebody_else().await;
    rehearsal.clock.turn_minutes(5);
    let wider = canary_set(&them, CanarySetRequest { stage, percent: "50".to_owned() }).await.unwrap();
    apply(&them, wider).await.unwrap();
    rehearsal.host.look_at_releases().await.unwrap();
    let release = rehearsal.release().await;
    assert_eq!(release.state, ReleaseState::Conflict, "{}", release.words);
    assert!(release.words.contains("canarySettings/percentTraffic"), "{}", release.words);
    assert!(release.words.contains("ana@shop.example sent UpdateStage"), "{}", release.words);
    assert_eq!(rehearsal.live().await, (CanaryState::Running, 50.0), "and nothing more is done");
}

#[tokio::test]
async fn a_share_that_was_set_by_hand_with_this_console_is_taken_into_the_watch() {
    for (candidate, minutes, state) in [(GOOD, 1, ReleaseState::Watching), (BAD, 5, ReleaseState::RolledBack)] {
        let rehearsal = Rehearsal::begin().await;
        begin(&rehearsal, candidate, ReleaseMode::Automatic).await;
        let stage = rehearsal.prod().await;
        let wider = canary_set(&rehearsal.host, CanarySetRequest { stage, percent: "40".to_owned() }).await.unwrap();
        let entry = wider.id.clone();
        apply(&rehearsal.host, wider).await.unwrap();
        rehearsal.minutes(minutes).await;
        let release = rehearsal.release().await;
        assert_eq!(release.state, state, "it goes on, and still acts: {} {:?}", release.words, release.judgement);
        if state == ReleaseState::Watching {
            let words = &release.words;
            assert!(words.contains("set the share to 40 %") && words.contains(&entry), "{words}");
        }
    }
}

#[tokio::test]
async fn a_share_set_by_hand_moves_a_step_plan_to_that_step_or_ends_it() {
    for (percent, step) in [("50", Some(1)), ("33", None)] {
        let rehearsal = Rehearsal::begin().await;
        let stage = rehearsal.prod().await;
        rehearsal.start(&stage, GOOD).await;
        let terms = ReleaseTerms {
            steps: steps(&[(10.0, 5), (50.0, 5)]),
            mode: ReleaseMode::Automatic,
            ..ReleaseTerms::default()
        };
        let request = CanaryReleaseBeginRequest { terms: Some(terms), ..on(&stage, ReleaseMode::Automatic) };
        canary_release_begin(&rehearsal.host, request).await.unwrap();
        let set = CanarySetRequest { stage, percent: percent.to_owned() };
        apply(&rehearsal.host, canary_set(&rehearsal.host, set).await.unwrap()).await.unwrap();
        rehearsal.minutes(1).await;
        let release = rehearsal.release().await;
        match step {
            Some(step) => {
                assert_eq!((release.state, release.step), (ReleaseState::Watching, step), "{}", release.words);
            }
            None => assert_eq!(release.state, ReleaseState::Conflict, "the plan does not say what comes after 33 %"),
        }
    }
}

#[tokio::test]
async fn a_person_of_this_console_may_promote_or_roll_back_meanwhile() {
    for (promote, state) in [(true, ReleaseState::Promoted), (false, ReleaseState::Removed)] {
        let rehearsal = Rehearsal::begin().await;
        begin(&rehearsal, GOOD, ReleaseMode::Automatic).await;
        let stage = rehearsal.prod().await;
        rehearsal.minutes(2).await;
        let plan = if promote {
            canary_promote(&rehearsal.host, CanaryPromoteRequest { stage, remove_canary: true, override_reason: None })
                .await
                .unwrap()
        } else {
            canary_rollback(&rehearsal.host, CanaryRollbackRequest::of(stage)).await.unwrap()
        };
        let entry = plan.id.clone();
        apply(&rehearsal.host, plan).await.unwrap();
        rehearsal.minutes(1).await;
        let release = rehearsal.release().await;
        assert_eq!(release.state, state, "{}", release.words);
        assert!(release.words.contains(&format!("journal entry {entry}")), "{}", release.words);
    }
}

#[tokio::test]
async fn a_look_that_fails_is_a_gap_and_the_watch_goes_on() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    for (service, operation) in [("monitoring", "GetMetricData"), ("monitoring", "")] {
        rehearsal.bench.account.faults().fail(Fault::denied(service, operation));
        rehearsal.minutes(3).await;
        let release = rehearsal.release().await;
        assert_eq!(release.state, ReleaseState::Watching);
        assert_eq!(release.judgement.as_ref().unwrap().verdict, CanaryVerdict::Inconclusive, "{release:?}");
        rehearsal.bench.account.faults().clear();
    }
    rehearsal.minutes(1).await;
    assert_eq!(rehearsal.release().await.state, ReleaseState::RolledBack, "what was missed is read afterwards");
}

#[tokio::test]
async fn a_rollback_that_is_refused_says_so_and_is_tried_again() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    let faults = rehearsal.bench.account.faults();
    faults.fail(Fault::denied("apigateway", "UpdateStage"));
    rehearsal.minutes(5).await;
    let release = rehearsal.release().await;
    let trouble = release.trouble.unwrap();
    assert_eq!(release.state, ReleaseState::Watching);
    assert!(trouble.contains("could not be removed") && trouble.contains("not authorized"), "{trouble}");
    faults.clear();
    may_change(&rehearsal.host, AccessMode::ReadOnly, false).await;
    rehearsal.minutes(1).await;
    assert!(rehearsal.release().await.trouble.unwrap().contains("read-only"));
    may_change(&rehearsal.host, AccessMode::Operator, false).await;
    rehearsal.minutes(1).await;
    let release = rehearsal.release().await;
    assert_eq!((release.state, release.trouble), (ReleaseState::RolledBack, None));
    let outcomes: Vec<_> = rehearsal.journal().await.into_iter().skip(2).map(|entry| entry.outcome.unwrap()).collect();
    assert_eq!(outcomes.last(), Some(&Outcome::Applied));
    assert!(outcomes[..outcomes.len() - 1].iter().all(|outcome| *outcome == Outcome::Refused), "{outcomes:?}");
}

#[tokio::test]
async fn a_rollback_whose_answer_is_lost_is_settled_by_reading_back() {
    let rehearsal = Rehearsal::begin().await;
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    let lost = Fault {
        service: "apigateway",
        operation: "UpdateStage",
        times: Some(1),
        status: 500,
        code: "InternalFailure",
        message: "lost".to_owned(),
        ..Fault::default()
    };
    rehearsal.bench.account.faults().fail(lost);
    rehearsal.minutes(5).await;
    assert_eq!(rehearsal.release().await.state, ReleaseState::RolledBack);
    assert_eq!(rehearsal.live().await.0, CanaryState::None);
}

#[tokio::test]
async fn a_program_that_dies_over_its_rollback_leaves_it_to_the_next_one() {
    for after_executing in [false, true] {
        let rehearsal = Rehearsal::begin().await;
        begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
        let faults = rehearsal.bench.account.faults();
        faults.fail(Fault {
            service: "apigateway",
            operation: "UpdateStage",
            silent: true,
            after_executing,
            ..Fault::default()
        });
        let mut silenced = faults.silenced();
        rehearsal.clock.turn_minutes(5);
        let host = rehearsal.host.clone();
        let dying = tokio::spawn(async move { host.look_at_releases().await });
        silenced.changed().await.unwrap();
        dying.abort();
        faults.clear();
        let next = rehearsal.another().await;
        next.look_at_releases().await.unwrap();
        assert!(release_in(&next).await.release.intent.is_some(), "what was begun is known, and its claim holds");
        rehearsal.clock.turn_minutes(4);
        next.look_at_releases().await.unwrap();
        let release = release_in(&next).await.release;
        assert_eq!(
            release.state,
            ReleaseState::RolledBack,
            "{after_executing}: {} {:?}",
            release.words,
            release.trouble
        );
        assert_eq!(rehearsal.live().await.0, CanaryState::None);
        let journal = rehearsal.journal().await;
        assert_eq!(journal.len(), 3, "one rollback, whoever finished it: {journal:?}");
        assert_eq!((&journal[2].id, journal[2].outcome), (&release.entries[0], Some(Outcome::Applied)));
    }
}

#[tokio::test]
async fn without_a_journal_nothing_is_done_and_it_is_said() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    let path = rehearsal.bench.data("journal.sqlite");
    begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    for suffix in ["", "-wal", "-shm"] {
        let file = path.with_file_name(format!("journal.sqlite{suffix}"));
        if file.exists() {
            std::fs::rename(&file, file.with_extension(format!("kept{suffix}"))).unwrap();
        }
    }
    std::fs::write(&path, "no journal").unwrap();
    rehearsal.clock.turn_minutes(5);
    let next = rehearsal.another().await;
    next.look_at_releases().await.unwrap();
    let release = release_in(&next).await.release;
    assert_eq!(release.state, ReleaseState::Watching);
    assert!(release.trouble.as_ref().unwrap().contains("journal"), "{release:?}");
    assert_eq!(rehearsal.live().await.0, CanaryState::Running);
    let other = rehearsal.stage("storefront", "staging").await;
    assert_ne!(other, stage);
    let error = canary_release_begin(&next, on(&stage, ReleaseMode::Automatic)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict, "{error:?}");
}

#[tokio::test]
async fn a_watch_that_a_person_ended_does_nothing_more() {
    let rehearsal = Rehearsal::begin().await;
    let line = begin(&rehearsal, BAD, ReleaseMode::Automatic).await;
    let other = rehearsal.another().await;
    let request = CanaryReleaseStopRequest { id: line.release.id.clone(), reason: "we know".to_owned() };
    let stopped = canary_release_stop(&other, request.clone()).await.unwrap();
    assert!(stopped.release.words.ends_with("ended the watch: we know"), "{}", stopped.release.words);
    rehearsal.minutes(5).await;
    assert_eq!(rehearsal.release().await.state, ReleaseState::Stopped);
    assert_eq!(rehearsal.live().await.0, CanaryState::Running);
    assert_eq!(canary_release_stop(&other, request).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn terms_are_kept_under_a_name() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    let names = |list: portcullis_operations::canary_template_list::CanaryTemplateList| {
        list.templates.into_iter().map(|template| template.name).collect::<Vec<_>>()
    };
    let list = canary_template_list(&rehearsal.host, CanaryTemplateListRequest {}).await.unwrap();
    assert_eq!(names(list), ["watch", "guard", "steps"]);
    let mut terms = ReleaseTerms { mode: ReleaseMode::Recommend, ..ReleaseTerms::default() };
    terms.criteria.minutes = 5;
    let save = |name: &str, terms: Option<ReleaseTerms>| {
        canary_template_save(&rehearsal.host, CanaryTemplateSaveRequest { name: name.to_owned(), terms })
    };
    assert_eq!(names(save(" quick ", Some(terms.clone())).await.unwrap()), ["watch", "guard", "steps", "quick"]);
    assert_eq!(save("guard", Some(terms)).await.unwrap_err().code, ErrorCode::InvalidInput);
    let request = CanaryReleaseBeginRequest {
        terms: None,
        template: Some("quick".to_owned()),
        ..on(&stage, ReleaseMode::Observe)
    };
    let begun = canary_release_begin(&rehearsal.host, request.clone()).await.unwrap();
    assert_eq!((begun.minutes_left, begun.release.template.as_deref()), (5, Some("quick")));
    // Damaged on the disk: said as that, and not as a name that nobody knows.
    let kept = rusqlite::Connection::open(rehearsal.bench.data("releases.sqlite")).unwrap();
    kept.execute("UPDATE release_template SET content = '{' WHERE name = 'quick'", []).unwrap();
    let damaged = canary_release_begin(&rehearsal.host, request.clone()).await.unwrap_err();
    assert_eq!(damaged.code, ErrorCode::StoreCorrupted);
    assert!(damaged.message.starts_with("The template quick cannot be read back"), "{damaged:?}");
    save("quick", None).await.unwrap();
    assert_eq!(save("quick", None).await.unwrap_err().code, ErrorCode::NotFound);
    let unknown = canary_release_begin(&rehearsal.host, request).await.unwrap_err();
    assert!(unknown.message.contains("there are watch, guard, steps"), "{unknown:?}");
}
