//! What support types while somebody is on the phone, and reads: tables, JSON and CSV, in an environment that has nothing but
//! this program.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// The value of Practice A's key in the demo account.
const VALUE: &str = "demoPracticeAKeyValueThatNobodyMaySee01";

fn portcullis(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("portcullis-cli").unwrap();
    command
        .env_clear()
        .env("HOME", home)
        .env("PORTCULLIS_DATA_DIR", home.join("data"))
        .env("PORTCULLIS_CONFIG_DIR", home.join("config"))
        .arg("--demo")
        .args(args);
    command
}

/// `(exit status, standard output, standard error)`.
fn run(home: &Path, args: &[&str]) -> (i32, String, String) {
    let output = portcullis(home, args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(home: &Path, args: &[&str]) -> Value {
    let (status, out, err) = run(home, &[args, &["--output", "json"]].concat());
    assert_eq!(status, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// The words of a line, however wide its columns are.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_board_begins_with_who_is_over_and_says_how_old_its_numbers_are() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, err) = run(home.path(), &["tenants"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let lines: Vec<String> = out.lines().map(words).collect();
    assert_eq!(lines[0], "STATE TENANT PLAN USED LIMIT LEFT % PER DAY GONE ON RESETS RATE KEY AGE KEY");
    assert!(lines[1].starts_with("over practice-a practices-small 5000 5000 0 100 "), "{}", lines[1]);
    assert!(lines[2].starts_with("at90 practice-c practices-small "), "{}", lines[2]);
    assert!(out.contains("400 days"), "the oldest key: {out}");
    assert!(out.ends_with("AWS's own numbers lag by up to 40 minutes; what is left is best effort.\n"), "{out}");

    let (_, out, _) = run(home.path(), &["tenants", "--state", "unused", "--text", "INSURER"]);
    assert_eq!(out.lines().filter(|line| line.contains("insurer-one")).count(), 1, "{out}");
    let (_, out, _) = run(home.path(), &["tenants", "--text", "nobody at all"]);
    assert_eq!(out, "No keys.\n");
}

#[test]
fn the_board_for_programs_and_spreadsheets_has_every_field() {
    let home = tempfile::tempdir().unwrap();
    let answer = json(home.path(), &["tenants"]);
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), 13, "twelve keys, one of them in two plans");
    assert_eq!(answer["coverage"]["complete"], true);
    assert_eq!(answer["calls"]["apigateway:GetUsagePlans"], 1);
    let first = &items[0];
    assert_eq!(first["tenant"], serde_json::json!({ "name": "practice-a", "reason": "tag tenant" }));
    assert_eq!((&first["standing"]["state"], &first["standing"]["remaining"]), (&"over".into(), &0.into()));
    assert!(!answer.to_string().contains(VALUE));

    let (status, csv, _) = run(home.path(), &["tenants", "--output", "csv"]);
    assert_eq!(status, 0);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    for name in [
        "tenant",
        "tenantReason",
        "keyId",
        "used",
        "limit",
        "remaining",
        "exhaustedOn",
        "resetsOn",
        "rateLimit",
        "burstLimit",
    ] {
        assert!(headings.iter().any(|heading| heading == name), "{name}: {headings:?}");
    }
    assert_eq!(reader.records().map(Result::unwrap).count(), 13);
}

#[test]
fn one_tenant_is_told_whole_by_name_or_by_key() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, err) = run(home.path(), &["tenants", "show", "clinic-north"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.starts_with("clinic-north (tag tenant), in demo\n"), "{out}");
    assert!(out.contains("practices-large") && out.contains("practices-legacy-trial"), "one key in two plans: {out}");
    assert!(out.contains("Requests per day in practices-large, key "), "{out}");
    assert!(out.contains("routes are open to them; the plans count on "), "{out}");

    let answer = json(home.path(), &["tenants", "show", "clinic-north"]);
    let key = answer["items"][0]["plans"][0]["row"]["keyId"].as_str().unwrap().to_owned();
    let (_, by_key, _) = run(home.path(), &["tenants", "show", &key]);
    assert!(by_key.starts_with("clinic-north (tag tenant)"), "{by_key}");
    let (_, days, _) = run(home.path(), &["tenants", "show", "clinic-north", "--output", "csv"]);
    assert!(days.starts_with("keyId,usagePlanId,day,used,remaining\r\n") && days.lines().count() > 30, "{days}");

    let (status, _, err) = run(home.path(), &["tenants", "show", "nobody"]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("There is no tenant nobody.") && err.contains("Find them on the board"), "{err}");
}

#[test]
fn which_limit_refused_them_is_read_aloud() {
    let home = tempfile::tempdir().unwrap();
    let at = ["--api", "partner", "--stage", "prod", "--route", "GET /partner/v1/referrals"];
    let said = |tenant: &str| run(home.path(), &[&["tenants", "explain", tenant][..], &at].concat()).1;
    let over = said("practice-a");
    assert!(over.starts_with("practice-a on GET /partner/v1/referrals of partner, prod\n"), "{over}");
    assert!(
        over.contains("practice-a has used today's quota of plan practices-small: 5000 of 5000 requests"),
        "{over}"
    );
    assert!(said("practice-e").contains("key is disabled: every request is refused with 403 Forbidden"));

    let asked = [&["tenants", "explain", "practice-a"][..], &at, &["--output", "csv"]].concat();
    let (status, csv, err) = run(home.path(), &asked);
    assert_eq!((status, err.as_str()), (0, ""));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap(), &["tenant", "route", "keyId", "keyName", "sentence"][..]);
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(lines.iter().all(|line| &line[0] == "practice-a" && &line[3] == "Practice A"), "{csv}");
    assert!(lines.iter().any(|line| line[4].contains("has used today's quota of plan practices-small")), "{csv}");
}

#[test]
fn whose_key_a_value_is_comes_from_standard_input_and_is_repeated_nowhere() {
    let home = tempfile::tempdir().unwrap();
    let output = portcullis(home.path(), &["tenants", "find"]).write_stdin(format!("{VALUE}\n")).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(out.contains("practice-a") && !out.contains(VALUE) && !err.contains(VALUE), "{out}{err}");
    let output = portcullis(home.path(), &["tenants", "find"]).write_stdin("short\n").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let refused = portcullis(home.path(), &["tenants", "find", VALUE]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "never on the command line, where others read it");
}

#[test]
fn usage_plans_say_what_they_open_and_what_is_wrong() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, _) = run(home.path(), &["plans"]);
    assert_eq!(status, 0);
    let small = out.lines().find(|line| line.starts_with("practices-small")).unwrap();
    assert!(words(small).contains("5000 per DAY 5 10 6 "), "{small}");
    assert!(out.contains("  - No quota: a key may make any number of requests.\n"), "{out}");
    let answer = json(home.path(), &["plans"]);
    let kinds: Vec<&str> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|plan| plan["findings"].as_array().unwrap())
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"spans-audiences") && kinds.contains(&"methods-without-key"), "{kinds:?}");
    let (_, csv, _) = run(home.path(), &["plans", "--output", "csv"]);
    assert!(csv.starts_with("name,id,quota,rateLimit,burstLimit,keys,methodsWithKey,opens,findings\r\n"), "{csv}");
}

#[test]
fn a_quota_is_extended_moved_and_set_by_plans_that_are_shown_first() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, err) = run(home.path(), &["quota", "extend", "practice-a", "--requests", "+1500", "--plan"]);
    assert_eq!((status, err.as_str()), (0, ""));
    for part in [
        "left of the running period (requests, best effort): 0 -> 1500",
        "This holds until the period ends; then the plan's own quota counts again.",
        "Touches 1 tenant\n  Practice A (",
        "aws apigateway update-usage --usage-plan-id ",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let (status, out, _) =
        run(home.path(), &["quota", "move", "practice-c", "--to", "practices-large", "--keep-remaining", "--plan"]);
    assert_eq!(status, 0);
    assert!(out.contains("3 calls") && out.contains("its requests are refused with 403"), "{out}");
    let (_, out, _) =
        run(home.path(), &["quota", "set", "practices-large", "--limit", "9", "--period", "month", "--plan"]);
    assert!(out.contains("quota: requests: 250000 -> 9") || out.contains("250000 -> 9"), "{out}");
    assert!(out.contains("The period changes in its middle"), "{out}");

    let flags = ["--yes", "--access", "operator", "--reason", "they called"];
    let (status, out, err) =
        run(home.path(), &[&["quota", "extend", "practice-a", "--requests", "+1500"][..], &flags].concat());
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("Applied and read back. Journal entry "), "{out}");

    for (args, status, says) in [
        (&["quota", "extend", "practice-a", "--requests", "many"][..], 2, "many is not."),
        (&["quota", "extend", "nobody", "--requests", "+1"], 4, "There is no tenant nobody."),
        (
            &["quota", "extend", "clinic-north", "--requests", "+1", "--usage-plan", "practices-legacy-trial"],
            2,
            "has no quota",
        ),
        (&["quota", "set", "practices-large", "--limit", "-1"], 2, "-1 is not."),
        (&["quota", "move", "practice-a", "--to", "practices-small"], 2, "in that plan already"),
        (&["quota", "extend", "practice-a", "--requests", "+1"], 5, "Nobody is there to confirm"),
    ] {
        let (found, _, err) = run(home.path(), args);
        assert_eq!(found, status, "{args:?}: {err}");
        assert!(err.contains(says), "{args:?}: {err}");
    }
}

#[test]
fn what_has_no_lines_is_refused_as_csv_before_anything_is_done() {
    let home = tempfile::tempdir().unwrap();
    let key = json(home.path(), &["tenants", "--text", "practice-a"])["items"][0]["keyId"].as_str().unwrap().to_owned();
    let changing = ["--yes", "--access", "operator", "--output", "csv"];
    let file = home.path().join("key.txt");
    for args in [
        &["quota", "extend", "practice-a", "--requests", "+1"][..],
        &["quota", "set", "practices-large", "--limit", "9"],
        &["quota", "move", "practice-c", "--to", "practices-large"],
        &["key", "rotate", "--key", &key],
        &["key", "rotate", "--in-plan", "practices-small"],
        &["rotation", "finish", "--key", &key],
        &["rotation", "undo", "--key", &key],
        &["throttle", "set", "--api", "storefront", "--stage", "prod", "--rate", "3"],
    ] {
        let (status, out, err) = run(home.path(), &[args, &changing].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains("--output csv is for lists, and this command tells one change or one value"), "{err}");
    }
    for args in
        [&["key", "reveal", "--key", &key][..], &["key", "save", "--key", &key, "--file", file.to_str().unwrap()]]
    {
        let (status, out, err) = run(home.path(), &[args, &changing[1..]].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}: {err}");
    }
    assert!(!file.exists() && !home.path().join("data/journal.sqlite").exists(), "nothing was done");
}

#[test]
fn one_value_is_given_to_a_script_as_it_is_to_a_person() {
    let home = tempfile::tempdir().unwrap();
    let key = json(home.path(), &["tenants", "--text", "practice-a"])["items"][0]["keyId"].as_str().unwrap().to_owned();
    let reveal = ["key", "reveal", "--key", &key, "--access", "operator"];
    let (_, told, err) = run(home.path(), &reveal);
    assert!(told.trim().len() >= 20, "{err}");
    let revealed = json(home.path(), &reveal)["items"][0].take();
    assert_eq!(revealed["value"].as_str(), Some(told.trim()));
    let file = home.path().join("key.txt");
    let save = ["key", "save", "--key", &key, "--access", "operator", "--file", file.to_str().unwrap()];
    let saved = json(home.path(), &save)["items"][0].take();
    assert_eq!((&saved["value"], saved["path"].as_str()), (&Value::Null, file.to_str()));
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), told.trim());
    let noted = json(home.path(), &["journal"]);
    let entries: Vec<&str> =
        noted["items"].as_array().unwrap().iter().filter_map(|entry| entry["id"].as_str()).collect();
    for entry in [&revealed["entry"], &saved["entry"]] {
        assert!(entries.contains(&entry.as_str().unwrap()), "{entry} is on record: {entries:?}");
    }
}

#[test]
fn a_mapping_that_is_wrong_names_the_line_and_the_field() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join("config").join(name), text).unwrap();
    write("tenants.toml", "[[mapping]]\nby = \"csv\"\nfile = \"tenants.csv\"\n");
    let refused = || run(home.path(), &["tenants"]);
    let (status, _, err) = refused();
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("tenants.csv cannot be used"), "{err}");
    write("tenants.csv", "key,name\nk1,Acme\n");
    assert!(refused().2.contains("line 1 must be the heading keyId,tenant and is key,name"));
    write("tenants.csv", "keyId,tenant\nk1,Acme\n\nk2,\n");
    let err = refused().2;
    assert!(err.contains("Line 4 of tenants.csv must have a key id and a tenant: tenant is empty."), "{err}");
    write("tenants.toml", "[[mapping]]\nby = \"name\"\npattern = \"prod\"\n");
    let err = refused().2;
    assert!(err.contains("tenants.toml: Line 3, column 11, pattern: the pattern"), "{err}");
    write("tenants.toml", "[[mapping]]\nby = \"name\"\npattern = \"Practice {tenant}\"\n");
    let (status, out, _) = refused();
    assert_eq!(status, 0);
    assert!(out.lines().any(|line| words(line).starts_with("over A practices-small")), "{out}");
}
