//! The report on the terminal: what is broken, and which level the program has reached.

mod closing;
mod known_failures;
mod matrix;
mod page;
mod pages;
mod progress;
mod requirement;
mod words;

pub use closing::closing;
pub use known_failures::known_failures;
pub use matrix::matrix;
pub use page::Page;
pub use progress::{Progress, servers};
pub use requirement::quote;
pub use words::{lacks, not_performed};

use crate::report::Summary;
use crate::runner::Run;
use crate::spec::Spec;

/// No report is longer than this number of lines, unless all failures are asked for, or one page alone is longer.
const LONGEST: usize = 120;

/// The report of a run. `again` is the command that runs scenarios again. `complete`: every scenario was selected, so that
/// the verdict is about the whole program. `all` gives every failure a page.
pub fn report(
    spec: &Spec,
    summary: &Summary<'_>,
    run: &Run<'_>,
    again: &str,
    complete: bool,
    all: bool,
) -> String {
    let closing = closing(summary, run, complete);
    let limit = (!all).then(|| LONGEST.saturating_sub(closing.lines().count()));
    pages::pages(spec, run, again, limit) + &closing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::requirement::Class;

    /// The report of a run in which every scenario fails because of the first requirement that it proves.
    fn all_failed(all: bool) -> String {
        let spec = Spec::built_in().expect("the specification has no mistakes");
        let run = samples::all_failed(&spec, Class::Server);
        report(
            &spec,
            &Summary::of(&spec, &run),
            &run,
            "conformance check",
            true,
            all,
        )
    }

    #[test]
    fn a_report_is_short_however_much_is_broken() {
        let report = all_failed(false);
        assert!(report.lines().count() <= LONGEST, "{report}");
        assert!(report.contains("--all shows every failure"), "{report}");
    }

    #[test]
    fn gates_come_first_and_then_the_order_of_the_specification() {
        let report = all_failed(false);
        let heads = report.lines().filter(|line| line.starts_with('✗'));
        let heads: Vec<_> = heads.collect();
        assert!(
            heads[0].starts_with("✗ alone-in-the-room fails"),
            "{report}"
        );
        assert!(heads[1].starts_with("✗ who-is-here fails"), "{report}");
        assert!(
            heads[2].contains("a-nameless-crash-harms-nobody"),
            "{report}"
        );
        assert!(heads[3].starts_with("✗ LINE-1 "), "{report}");
    }

    #[test]
    fn every_failure_is_printed_when_that_is_asked_for() {
        let report = all_failed(true);
        let pages = report.matches("Again: ").count();
        let spec = Spec::built_in().expect("the specification has no mistakes");
        assert_eq!(pages, spec.scenarios_of(Class::Server).count());
    }
}
