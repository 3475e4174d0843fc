//! What every part of the window gets to see.

use super::settings::Settings;
use crate::session::{Now, Session};
use crate::words::Language;

/// What a part of the window draws, and what it may change.
pub(super) struct Scene<'a> {
    pub(super) session: &'a mut Session,
    pub(super) settings: &'a mut Settings,
    pub(super) language: Language,
    pub(super) now: Now,
}
