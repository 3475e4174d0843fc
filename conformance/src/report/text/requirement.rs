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
    let options = Options::new(WIDTH)
        .initial_indent("  ")
        .subsequent_indent("  ")
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(&text, options) + "\n"
}
