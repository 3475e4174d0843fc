//! The command that reproduces a result.

/// The command that runs scenarios again with these options; the names of scenarios can be added to it.
pub(super) fn again<'a>(options: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
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
    format!("{program} check{}", given.collect::<String>())
}
