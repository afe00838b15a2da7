//! The catalogue's verbs are commands, and whatever changes something takes the same flags.
#![allow(clippy::unwrap_used, reason = "a test")]

use clap::{Command, CommandFactory as _};
use portcullis_cli::Cli;
use portcullis_operations::catalogue::{CATALOGUE, Effect};

/// The command that a verb names: `quota extend`; what follows from the first flag on is for people.
fn command<'a>(root: &'a Command, verb: &str) -> Option<&'a Command> {
    let mut words = verb.split_whitespace().take_while(|word| !word.starts_with('-'));
    words.try_fold(root, |command, word| command.find_subcommand(word))
}

#[test]
fn every_verb_is_a_command() {
    let root = Cli::command();
    for operation in CATALOGUE {
        let Ok(verb) = operation.cli else { continue };
        assert!(command(&root, verb).is_some(), "{}: there is no portcullis {verb}", operation.name);
    }
}

#[test]
fn every_plan_is_shown_asked_about_and_given_its_reason_alike() {
    let root = Cli::command();
    for operation in CATALOGUE.iter().filter(|operation| operation.effect == Effect::Plan) {
        let of_plan = command(&root, operation.cli.unwrap()).unwrap();
        for flag in ["plan", "yes", "reason", "access", "confirm"] {
            let found = of_plan.get_arguments().any(|argument| argument.get_long() == Some(flag));
            assert!(found, "{}: portcullis {} has no --{flag}", operation.name, operation.cli.unwrap());
        }
    }
}
