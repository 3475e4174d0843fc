//! A mistake in a scenario or in the specification, told as a compiler tells it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One mistake, and where it stands in the text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Byte range in the source text.
    pub span: Range<usize>,
    /// What is wrong, in one lower-case sentence.
    pub message: String,
    /// Another place that has to do with it, and how.
    pub related: Option<(Range<usize>, String)>,
    /// What to do instead, where that can be said.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake at these bytes.
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            related: None,
            help: None,
        }
    }

    /// Adds what to do instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that has to do with the mistake.
    pub fn related(mut self, span: Range<usize>, how: impl Into<String>) -> Self {
        self.related = Some((span, how.into()));
        self
    }

    /// Adds "did you mean", when one of the known words is close to the one that was written.
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(written, known) {
            Some(word) => self.help(format!("did you mean `{word}`?")),
            None => self,
        }
    }

    /// Ties the mistake to the file it is in.
    pub fn in_file(self, path: &str, source: &Arc<str>) -> Mistake {
        Mistake {
            path: path.to_owned(),
            source: Arc::clone(source),
            diagnostic: self,
        }
    }
}

/// The known word that is most like the written one, if any is like it.
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let score = |word: &str| strsim::jaro_winkler(written, word);
    let best = known
        .into_iter()
        .max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) > 0.75).then_some(best)
}

/// A [`Diagnostic`] together with the file it is in. Its `Display` shows the line and points at the place.
#[derive(Debug, Clone)]
pub struct Mistake {
    path: String,
    source: Arc<str>,
    diagnostic: Diagnostic,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.diagnostic.span.clone();
        let mut snippet = Snippet::source(&*self.source)
            .path(&*self.path)
            .annotation(AnnotationKind::Primary.span(span));
        if let Some((span, how)) = &self.diagnostic.related {
            snippet = snippet.annotation(AnnotationKind::Context.span(span.clone()).label(&**how));
        }
        let mut group = Level::ERROR
            .primary_title(&*self.diagnostic.message)
            .element(snippet);
        if let Some(help) = &self.diagnostic.help {
            group = group.element(Level::HELP.message(&**help));
        }
        f.write_str(&Renderer::plain().render(&[group]))
    }
}

impl std::error::Error for Mistake {}
