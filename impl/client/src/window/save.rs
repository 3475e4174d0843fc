//! Keeps the transcript in a file.

use super::colours::Colours;
use super::scene::Scene;
use crate::session::{Entry, EntryKind, Log, Session};
use crate::words::{Language, say};
use chrono::{DateTime, Local};
use eframe::egui::{Key, RichText, TextEdit, Ui};
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Asks where to, and tells what became of it.
#[derive(Debug)]
pub(super) struct Save {
    path: String,
    outcome: Option<Result<PathBuf, io::Error>>,
    wants_focus: bool,
}

impl Save {
    /// A question, with a file of today in the documents of the user as the answer.
    pub(super) fn new(session: &Session) -> Self {
        Self {
            path: usual_path(session).display().to_string(),
            outcome: None,
            wants_focus: true,
        }
    }

    /// Shows the question. Tells whether it is over.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>) -> bool {
        let language = scene.language;
        let mut over = ui.input(|input| input.key_pressed(Key::Escape));
        ui.horizontal_wrapped(|ui| {
            let label = ui.label(say!(language, "Save as", "Salva come"));
            let width = (ui.available_width() - 190.0).max(160.0);
            let edit = ui.add(TextEdit::singleline(&mut self.path).desired_width(width));
            let edit = edit.labelled_by(label.id);
            if std::mem::take(&mut self.wants_focus) {
                edit.request_focus();
            }
            if edit.changed() {
                self.outcome = None;
            }
            let entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if ui.button(say!(language, "Save", "Salva")).clicked() || entered {
                let path = PathBuf::from(self.path.trim());
                let saved = save(&path, scene.session.transcript(), language);
                self.outcome = Some(saved.map(|()| path));
            }
            over |= ui.button(say!(language, "Close", "Chiudi")).clicked();
        });
        self.tell(ui, language);
        over
    }

    fn tell(&self, ui: &mut Ui, language: Language) {
        let colours = Colours::of(ui);
        let (text, colour) = match &self.outcome {
            None => return,
            Some(Ok(path)) => {
                let path = path.display();
                let text = say!(language, "Saved in {path}", "Salvato in {path}");
                (text, colours.accent)
            }
            Some(Err(error)) if error.kind() == ErrorKind::AlreadyExists => {
                let text = say!(
                    language,
                    "There is a file of that name already",
                    "Un file con quel nome c'è già"
                );
                (text, colours.error)
            }
            Some(Err(error)) => {
                let text = say!(language, "Not saved: {error}", "Non salvato: {error}");
                (text, colours.error)
            }
        };
        ui.label(RichText::new(text).small().color(colour));
    }
}

fn usual_path(session: &Session) -> PathBuf {
    let folder = directories::UserDirs::new().map(|user| {
        let documents = user.document_dir().map(Path::to_owned);
        documents.unwrap_or_else(|| user.home_dir().to_owned())
    });
    let host = session.target().map_or("", |target| target.host.as_str());
    let host: String = host
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let today = Local::now().format("%Y-%m-%d");
    folder
        .unwrap_or_default()
        .join(format!("salotto-{host}-{today}.txt"))
}

/// Writes a new file; one that is there already stays as it is.
fn save(path: &Path, log: &Log<Entry>, language: Language) -> io::Result<()> {
    let mut file = BufWriter::new(File::create_new(path)?);
    for (_, entry) in log.since(0) {
        let time = DateTime::<Local>::from(entry.at).format("%Y-%m-%d %H:%M:%S");
        // As in the console: no message can look like a notice.
        let mark = match entry.kind {
            EntryKind::Message { .. } | EntryKind::Own { .. } => "",
            _ => "* ",
        };
        writeln!(file, "{time} {mark}{}", language.entry(&entry.kind))?;
    }
    file.flush()
}
