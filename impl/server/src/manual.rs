//! The manual page.

use crate::args::{Args, EXAMPLES, NOTES};
use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::io::{self, Write};

/// Writes the manual page, generated from the definition of the arguments.
pub(crate) fn write(out: &mut impl Write) -> io::Result<()> {
    let man = Man::new(Args::command());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    let mut rest = Roff::new();
    rest.control("SH", ["EXAMPLES"]);
    // "nf" keeps the line breaks of the examples.
    rest.control("nf", []);
    rest.text([roman(EXAMPLES.trim_end())]);
    rest.control("fi", []);
    rest.control("SH", ["NOTES"]);
    for paragraph in NOTES.split("\n\n") {
        rest.control("PP", []);
        rest.text([roman(paragraph)]);
    }
    rest.to_writer(out)?;
    man.render_version_section(out)
}
