use portcullis_domain::{
    change::{Plan, PlanTarget, PlanWords, assemble},
    journal::{Actor, Outcome},
};

use super::*;

fn plan(usage_plan: &str) -> Plan {
    let mut plan = assemble(PlanWords::default(), Vec::new()).unwrap();
    plan.targets.push(PlanTarget::UsagePlan {
        context: "prod".to_owned(),
        usage_plan_id: usage_plan.to_owned(),
        plan_name: "small".to_owned(),
    });
    plan
}

fn actor() -> Actor {
    Actor { caller_arn: "arn:aws:iam::111122223333:user/ana".to_owned(), local_user: "ana".to_owned() }
}

fn opened(usage_plan: &str) -> JournalEvent {
    JournalEvent::Opened {
        actor: actor(),
        reason: "a partner asked".to_owned(),
        plan: Box::new(plan(usage_plan)),
        follows: None,
    }
}

fn closed() -> JournalEvent {
    JournalEvent::Closed { outcome: Outcome::Applied, message: "done".to_owned() }
}

const AT: &str = "2026-03-02T10:00:00Z";

#[test]
fn what_was_appended_is_there_after_a_restart_and_the_chain_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal.sqlite");
    let first = Journal::open(&path).unwrap();
    first.append(AT, "e1", opened("u1"), false).unwrap();
    drop(first);
    let second = Journal::open(&path).unwrap();
    second.append(AT, "e1", closed(), false).unwrap();
    assert_eq!(second.verify().unwrap(), Ok(2));
    assert_eq!(second.records_of("e1").unwrap().len(), 2);
    assert_eq!(second.records_of("e2").unwrap().len(), 0);
}

#[test]
fn a_target_is_changed_by_one_at_a_time_whoever_asks() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal.sqlite");
    let (here, there) = (Journal::open(&path).unwrap(), Journal::open(&path).unwrap());
    here.append(AT, "e1", opened("u1"), false).unwrap();
    assert!(
        matches!(there.append(AT, "e2", opened("u1"), false), Err(JournalError::Unfinished { entry }) if entry == "e1")
    );
    there.append(AT, "e3", opened("u2"), false).unwrap();
    here.append(AT, "e1", closed(), false).unwrap();
    there.append(AT, "e2", opened("u1"), false).unwrap();
    assert_eq!(here.verify().unwrap(), Ok(4));
}

#[test]
fn an_urgent_change_waits_for_nobody() {
    let journal = Journal::in_memory().unwrap();
    journal.append(AT, "e1", opened("u1"), false).unwrap();
    journal.append(AT, "e2", opened("u1"), true).unwrap();
    assert!(journal.append(AT, "e3", opened("u1"), false).is_err(), "both are open");
}

#[test]
fn the_second_of_two_clicks_finds_the_first() {
    let journal = Journal::in_memory().unwrap();
    journal.append(AT, "e1", opened("u1"), false).unwrap();
    journal.append(AT, "e1", closed(), false).unwrap();
    assert!(matches!(journal.append(AT, "e1", opened("u1"), false), Err(JournalError::Exists { .. })));
}

#[test]
fn nobody_changes_a_record_by_accident_and_who_does_it_on_purpose_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal.sqlite");
    let journal = Journal::open(&path).unwrap();
    for entry in ["e1", "e2", "e3"] {
        journal.append(AT, entry, JournalEvent::Noted { actor: actor(), message: entry.to_owned() }, false).unwrap();
    }
    let other = Connection::open(&path).unwrap();
    for accident in ["UPDATE journal_record SET at = 'x'", "DELETE FROM journal_record WHERE sequence = 3"] {
        let refused = other.execute(accident, []).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    let tampered = |statements: &str| {
        let copy = directory.path().join("copy.sqlite");
        other.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        let tamper = Connection::open(&copy).unwrap();
        tamper.execute_batch("DROP TRIGGER journal_keeps; DROP TRIGGER journal_holds;").unwrap();
        tamper.execute_batch(statements).unwrap();
        drop(tamper);
        let found = Journal::open(&copy).unwrap().verify().unwrap();
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", copy.display()));
        }
        found
    };
    assert_eq!(tampered(""), Ok(3));
    assert_eq!(
        tampered("UPDATE journal_record SET event = replace(event, 'e2', 'e9') WHERE sequence = 2"),
        Err(ChainFault::Changed { sequence: 2 })
    );
    assert_eq!(
        tampered("DELETE FROM journal_record WHERE sequence = 2"),
        Err(ChainFault::OutOfOrder { expected: 2, found: 3 })
    );
    assert_eq!(
        tampered("DELETE FROM journal_record WHERE sequence = 3"),
        Err(ChainFault::CutOff { expected: 3, found: 2 })
    );
    assert!(
        tampered("UPDATE journal_record SET sequence = 9 WHERE sequence = 1; UPDATE journal_record SET sequence = 1 WHERE sequence = 2; UPDATE journal_record SET sequence = 2 WHERE sequence = 9;").is_err(),
        "reordered"
    );
}

#[test]
fn a_full_disk_refuses_the_record_and_keeps_what_was_there() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(&directory.path().join("journal.sqlite")).unwrap();
    journal.append(AT, "e1", JournalEvent::Noted { actor: actor(), message: "before".to_owned() }, false).unwrap();
    let pages: i64 = journal.connection().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    journal.connection().pragma_update(None, "max_page_count", pages).unwrap();
    let long = JournalEvent::Noted { actor: actor(), message: "x".repeat(100_000) };
    let refused = journal.append(AT, "e2", long, false).unwrap_err();
    assert!(matches!(refused, JournalError::Store(StoreError::Full { .. })), "{refused:?}");
    assert_eq!(journal.verify().unwrap(), Ok(1));
}

#[test]
fn a_damaged_journal_stays_where_it_is_and_is_not_used() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal.sqlite");
    std::fs::write(&path, "this is no database, and it is longer than the header of one is").unwrap();
    assert!(matches!(Journal::open(&path), Err(StoreError::Unusable { .. })));
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("this is no database"));
}
