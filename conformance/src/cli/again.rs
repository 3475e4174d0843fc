//! The command that reproduces a result.

use std::time::Duration;

/// A time in whole seconds, as an option takes it, unless it is the default.
pub(super) fn other_than(time: Duration, default: u64) -> Option<String> {
    let seconds = time.as_secs();
    (seconds != default).then(|| seconds.to_string())
}

/// The command that runs scenarios again with these options; the names of scenarios can be added to it. `subcommand` is the
/// one that has run them.
pub(super) fn again<'a>(
    subcommand: &str,
    options: impl IntoIterator<Item = (&'a str, Option<String>)>,
) -> String {
    // Set by Cargo for the programs that it runs.
    let program = if std::env::var_os("CARGO").is_some() {
        "cargo run -p conformance --"
    } else {
        "conformance"
    };
    let given = options.into_iter().filter_map(|(option, value)| {
        let value = value?;
        let quoted = shlex::try_quote(&value).map_or_else(|_| value.clone(), Into::into);
        Some(format!(" {option} {quoted}"))
    });
    format!("{program} {subcommand}{}", given.collect::<String>())
}
