//! A requirement in its own words.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::requirement::Id;
use crate::spec::Spec;

/// Columns of a line.
const WIDTH: usize = 93;

/// A requirement's id, level and text, wrapped and indented.
pub fn quote(spec: &Spec, id: &Id) -> String {
    let Some(requirement) = spec.requirement(id) else {
        return format!("  {id}\n");
    };
    let text = format!(
        "{id} ({}) {}",
        requirement.level,
        requirement.text.replace("**", "").replace('`', "")
    );
    wrap(&text, "  ", "  ") + "\n"
}

/// Breaks a text into lines. `first` and `rest` are put before the first line and before every other one.
pub(super) fn wrap(text: &str, first: &str, rest: &str) -> String {
    let options = Options::new(WIDTH)
        .initial_indent(first)
        .subsequent_indent(rest)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(text, options)
}
