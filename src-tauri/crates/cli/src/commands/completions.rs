//! `portcullis completions`: what a shell completes, and the manual page, from the same grammar as the help.

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::Shell;

use crate::{args::Cli, exit::Exit, failure::Failure, output::Printer};

/// Flags of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// For this shell, or `man` for the manual page.
    #[arg(value_enum)]
    pub form: CompletionForm,
}

/// What can be written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum CompletionForm {
    /// Bash: `source <(portcullis completions bash)`.
    Bash,
    /// Elvish.
    Elvish,
    /// Fish: `portcullis completions fish > ~/.config/fish/completions/portcullis.fish`.
    Fish,
    /// `PowerShell`.
    Powershell,
    /// Zsh: into a file `_portcullis` of a directory in `$fpath`.
    Zsh,
    /// The manual page: `portcullis completions man | man -l -`.
    Man,
}

/// Runs `completions`. No account is asked.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &CompletionsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    let mut text = Vec::new();
    let shell = match args.form {
        CompletionForm::Bash => Shell::Bash,
        CompletionForm::Elvish => Shell::Elvish,
        CompletionForm::Fish => Shell::Fish,
        CompletionForm::Powershell => Shell::PowerShell,
        CompletionForm::Zsh => Shell::Zsh,
        CompletionForm::Man => {
            clap_mangen::Man::new(command)
                .render(&mut text)
                .map_err(|error| Failure::failed(format!("The manual page cannot be written: {error}.")))?;
            printer.data(&String::from_utf8_lossy(&text))?;
            return Ok(Exit::Done);
        }
    };
    clap_complete::generate(shell, &mut command, "portcullis", &mut text);
    printer.data(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
