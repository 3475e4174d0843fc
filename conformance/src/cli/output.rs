//! Standard output and standard error, which may be closed or full: then the exit status still tells the verdict.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Prints a line to standard output, like `println!`.
macro_rules! outln {
    ($($argument:tt)*) => {
        $crate::cli::output::print(format_args!("{}\n", format_args!($($argument)*)))
    };
}

pub(super) use outln;

/// Prints to standard output. That it is full is told once; that nobody reads it is no mistake.
pub(super) fn print(text: Arguments<'_>) {
    static IS_TOLD: AtomicBool = AtomicBool::new(false);
    let mut out = anstream::stdout().lock();
    if let Err(error) = out.write_fmt(text).and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
        && !IS_TOLD.swap(true, Ordering::Relaxed)
    {
        tell(&anyhow::Error::from(error).context("cannot write to standard output"));
    }
}

/// Prints a note to standard error.
pub(super) fn note(text: &str) {
    // If nobody can read it, nothing can be done about it.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Prints an error with its causes to standard error.
pub(super) fn tell(error: &anyhow::Error) {
    note(&format!("conformance: {}", in_words(error)));
}

/// An error and its causes, each one once: some errors name their cause themselves.
fn in_words(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        match told.as_str() {
            "" => cause,
            told if told.contains(&cause) => told.to_owned(),
            told => format!("{told}: {cause}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let cause = || anyhow::Error::msg("disk full");
        let both = cause().context("cannot write: disk full").context("sorry");
        assert_eq!(in_words(&both), "sorry: cannot write: disk full");
        assert_eq!(in_words(&cause().context("sorry")), "sorry: disk full");
    }
}
