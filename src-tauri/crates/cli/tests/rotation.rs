//! A whole rotation as a person types it, in an environment that has nothing but this program and a served account: what is
//! refused and why, the way forth and back, and that no output, no file and no journal has a key's value.
#![allow(clippy::unwrap_used, reason = "a test")]

mod served_here;

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use portcullis_demo::DEMO_KEY_VALUE;
use portcullis_domain::Clock as _;
use portcullis_operations::host::SystemClock;
use serde_json::Value;

use self::served_here::{portcullis, served_at};

struct Served {
    endpoint: String,
    home: tempfile::TempDir,
    /// Everything that was printed so far.
    printed: Mutex<String>,
}

async fn served() -> Served {
    // Now: the program goes by the machine's clock, and usage is counted by the day.
    let (_, endpoint) = served_at(SystemClock.now()).await;
    let home = tempfile::tempdir().unwrap();
    // The account is this test's own: nobody else needs its calls.
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/settings.toml"), "[budget]\nrate = 100000\nburst = 100000\n").unwrap();
    Served { endpoint, home, printed: Mutex::default() }
}

/// May change things, does not ask, says why.
fn changing<'a>(args: &[&'a str], reason: &'a str) -> Vec<&'a str> {
    [args, &["--yes", "--access", "operator", "--reason", reason]].concat()
}

impl Served {
    /// `(exit status, standard output, standard error)`, not kept.
    async fn unheard(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = portcullis(self.home.path(), &self.endpoint, args);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    async fn run(&self, args: &[&str]) -> (i32, String, String) {
        let ran = self.unheard(args).await;
        *self.printed.lock().unwrap() += &format!("{}\n{}\n", ran.1, ran.2);
        ran
    }

    async fn done(&self, args: &[&str]) -> String {
        let (status, out, err) = self.run(args).await;
        assert_eq!(status, 0, "{args:?}: {err}");
        out
    }

    async fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[args, &["--output", "json"]].concat()).await).unwrap()
    }

    /// The one row of `rotation status`.
    async fn row(&self, key: &str) -> Value {
        let items = self.json(&["rotation", "status", "--key", key]).await["items"].take();
        assert_eq!(items.as_array().unwrap().len(), 1, "{items:#}");
        items[0].clone()
    }

    /// A key's value, as it is handed over.
    async fn value(&self, key: &str) -> String {
        let reveal = ["key", "reveal", "--key", key, "--access", "operator", "--reason", "handed over"];
        let (status, out, err) = self.unheard(&reveal).await;
        assert_eq!(status, 0, "{err}");
        out.trim().to_owned()
    }

    /// Titles and reasons in the journal, oldest first.
    async fn journal(&self) -> Vec<(String, String)> {
        let journal = self.json(&["journal"]).await;
        let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
        let lines = journal["items"].as_array().unwrap().iter().rev();
        let changes = lines.filter(|line| line["operation"] == "key_rotate");
        changes
            .inspect(|line| assert_eq!(line["state"], "applied", "{line:#}"))
            .map(|line| (text(line, "title"), text(line, "reason")))
            .collect()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

fn has(bytes: &[u8], value: &str) -> bool {
    bytes.windows(value.len()).any(|window| window == value.as_bytes())
}

/// The words of a line, however wide its columns are.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_is_begun_held_taken_back_and_finished_at_the_command_line_without_a_value_anywhere() {
    let served = served().await;
    let board = served.json(&["tenants", "--text", "practice-a"]).await;
    let old = board["items"][0]["keyId"].as_str().unwrap().to_owned();
    let key = old.as_str();

    // A plan is looked at first, and nothing happens.
    let plan = served.done(&["key", "rotate", "--key", key, "--overlap", "7d", "--plan"]).await;
    assert!(plan.starts_with(&format!("Make a new key in place of Practice A ({key}), in the same plans\n")), "{plan}");
    assert!(plan.contains("3 calls") && plan.contains("CreateUsagePlanKey") | plan.contains("create-usage-plan-key"));
    assert_eq!(served.row(key).await["state"], "not-started");
    let (status, _, err) = served.run(&["rotation", "finish", "--key", key]).await;
    assert_eq!(status, 5, "{err}");
    assert!(err.contains(&format!("No rotation of key {key} is under way. Begin one with: ")), "{err}");

    // Begun: both keys work, and the new one opens the same plan with as much left.
    let rotate = ["key", "rotate", "--key", key, "--overlap", "7d"];
    let begun = served.done(&changing(&rotate, "quarterly")).await;
    assert!(begun.contains("Applied and read back. Journal entry "), "{begun}");
    let both = served.row(key).await;
    assert_eq!((&both["state"], &both["enabled"]), (&"overlap".into(), &true.into()), "{both:#}");
    let new = both["newKey"]["id"].as_str().unwrap().to_owned();
    let until = both["overlapUntil"].as_str().unwrap().to_owned();
    let mut values = vec![DEMO_KEY_VALUE.to_owned(), served.value(&new).await];
    let left = served.json(&["tenants", "show", &new]).await;
    let place = left["items"][0]["plans"].as_array().unwrap().iter().find(|plan| plan["row"]["keyId"] == *new).unwrap();
    assert_eq!(place["row"]["planName"], "practices-small");
    assert_eq!(place["row"]["standing"]["remaining"], 0, "the old key had used everything, and so the new one has");

    // The same for people and for spreadsheets.
    let table = served.done(&["rotation", "status", "--key", key]).await;
    let line = words(table.lines().nth(1).unwrap());
    assert!(line.starts_with(&format!("overlap practice-a {key} {new} ")) && line.contains(&until), "{table}");
    assert!(table.contains(&format!("Practice A ({key}): Both keys shall work until {until}.")), "{table}");
    let csv = served.done(&["rotation", "status", "--key", key, "--output", "csv"]).await;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let record = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| &record[headings.iter().position(|heading| heading == name).unwrap()];
    assert_eq!((cell("state"), cell("tenant")), ("overlap", "practice-a"), "{csv}");
    assert_eq!((cell("keyId"), cell("newKeyId"), cell("overlapUntil")), (key, new.as_str(), until.as_str()), "{csv}");

    // Too early: refused with what holds it, for people and for programs, and nothing changed.
    let finish = ["rotation", "finish", "--key", key];
    let (status, out, err) = served.run(&changing(&finish, "too soon")).await;
    assert_eq!((status, out.as_str()), (5, ""), "{err}");
    for part in ["It is too early for this stage.", &format!("Both keys shall work until {until}."), "--override TEXT"]
    {
        assert!(err.contains(part), "{part}: {err}");
    }
    let (status, _, err) = served.run(&[&changing(&finish, "too soon")[..], &["--output", "json"]].concat()).await;
    let error: Value = serde_json::from_str(&err).unwrap();
    assert_eq!((status, &error["error"]["code"]), (5, &"confirmation-needed".into()), "{err}");
    assert_eq!(served.row(key).await["enabled"], true);

    // A person who knows better, and back again: the old key works, then the new one is gone.
    let leaked = [&finish[..], &["--override", "the key leaked"]].concat();
    let (status, _, err) = served.run(&leaked).await;
    assert_eq!(status, 5, "{err}");
    assert!(err.contains("Nobody is there to confirm \"Disable key Practice A ("), "{err}");
    let disabled = served.done(&changing(&leaked, "incident 7")).await;
    assert!(disabled.contains(&format!("! BLOCKS: Both keys shall work until {until}. Overridden: the key leaked")));
    let waiting = served.row(key).await;
    assert_eq!((&waiting["state"], &waiting["enabled"]), (&"waiting".into(), &false.into()));
    let undo = ["rotation", "undo", "--key", key];
    served.done(&changing(&undo, "they still use it")).await;
    assert_eq!(served.row(key).await["state"], "overlap");
    let back = served.done(&changing(&undo, "not this week")).await;
    assert!(back.contains("! BLOCKS: A deleted key does not come back"), "{back}");
    let alone = served.row(key).await;
    assert_eq!((&alone["state"], &alone["enabled"]), (&"not-started".into(), &true.into()));
    let (status, _, err) = served.run(&changing(&undo, "twice")).await;
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("There is no new key for this one."), "{err}");

    // To the end, as a program does it; a disabled key waits, and a person may say why not.
    let begun = served.json(&changing(&["key", "rotate", "--key", key, "--overlap", "0d"], "again")).await;
    assert_eq!(begun["plan"]["steps"].as_array().unwrap().len(), 3, "{begun:#}");
    let second = served.row(key).await["newKey"]["id"].as_str().unwrap().to_owned();
    values.push(served.value(&second).await);
    served.json(&changing(&leaked, "incident 8")).await;
    let (status, _, err) = served.run(&changing(&finish, "too soon")).await;
    assert_eq!(status, 5, "{err}");
    assert!(err.contains("A disabled key can come back and a deleted one cannot: it waits until "), "{err}");
    served.json(&changing(&leaked, "incident 9")).await;
    let (status, _, err) = served.run(&["rotation", "status", "--key", key]).await;
    assert_eq!(status, 0, "{err}");
    let rest = served.row(&second).await;
    assert_eq!(
        (&rest["keyId"], &rest["enabled"], &rest["state"]),
        (&second.as_str().into(), &true.into(), &"not-started".into())
    );

    // The journal has each with its reason, and none of what was refused.
    let told = served.journal().await;
    let told: Vec<(&str, &str)> =
        told.iter().map(|(title, reason)| (title.split(" (").next().unwrap(), reason.as_str())).collect();
    let new_name = told[3].0.strip_prefix("Delete key ").unwrap();
    assert!(new_name.starts_with("Practice A rotated "), "{new_name}");
    let begin = "Make a new key in place of Practice A";
    assert_eq!(
        told,
        [
            (begin, "quarterly"),
            ("Disable key Practice A", "incident 7"),
            ("Enable key Practice A", "they still use it"),
            (told[3].0, "not this week"),
            (begin, "again"),
            ("Disable key Practice A", "incident 8"),
            ("Delete key Practice A", "incident 9"),
        ]
    );
    let exported = served.done(&["journal", "export"]).await;
    assert!(exported.contains("Overridden: the key leaked") && exported.contains("handed over"));
    served.done(&["journal", "--output", "csv"]).await;
    served.done(&["journal", "verify"]).await;

    // Values are in the account, and nowhere else.
    assert!(values.iter().all(|value| value.len() >= 3) && values[1] != values[2], "three values to look for");
    let printed = served.printed.lock().unwrap().clone();
    let kept = files(served.home.path());
    assert!(kept.iter().any(|file| file.ends_with("journal.sqlite")), "{kept:?}");
    for value in &values {
        assert!(!printed.contains(value.as_str()), "a value was printed");
        for file in &kept {
            assert!(!has(&std::fs::read(file).unwrap(), value), "a value is in {}", file.display());
        }
    }
}
