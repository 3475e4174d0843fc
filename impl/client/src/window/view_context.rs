//! What every part of the window has access to.

use super::settings::Settings;
use crate::i18n::Language;
use crate::session::{Now, Session};

/// The session and the settings while a frame is drawn.
pub(super) struct ViewContext<'a> {
    pub(super) session: &'a mut Session,
    pub(super) settings: &'a mut Settings,
    pub(super) language: Language,
    /// The time at which the frame began.
    pub(super) now: Now,
}
