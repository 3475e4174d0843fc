//! Mistakes in a scenario or in the specification, rendered like the diagnostics of a compiler.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A mistake, and its place in the source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Byte range in the source text.
    pub span: Range<usize>,
    /// The mistake, as one lower-case sentence.
    pub message: String,
    /// Another place that is involved, with a label.
    pub related: Option<(Range<usize>, String)>,
    /// Advice, if there is any.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake in this byte range.
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            related: None,
            help: None,
        }
    }

    /// Adds advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that is involved.
    pub fn related(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }

    /// Adds "did you mean" if a known word is similar to the written one.
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(written, known) {
            Some(word) => self.help(format!("did you mean `{word}`?")),
            None => self,
        }
    }

    /// Ties the mistake to its file.
    pub fn in_file(self, path: &str, source: &Arc<str>) -> Mistake {
        Mistake {
            path: path.to_owned(),
            source: Arc::clone(source),
            diagnostic: self,
        }
    }
}

/// The known word that is most similar to the written one, if one is similar enough.
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let score = |word: &str| strsim::jaro_winkler(written, word);
    let best = known
        .into_iter()
        .max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) > 0.75).then_some(best)
}

/// A [`Diagnostic`] in a file. Its `Display` form quotes the line and marks the place.
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
        if let Some((span, label)) = &self.diagnostic.related {
            snippet =
                snippet.annotation(AnnotationKind::Context.span(span.clone()).label(&**label));
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
