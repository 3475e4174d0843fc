//! What the connections of one scenario know of each other: who has asked for which nickname, and who has said what.

use std::collections::{BTreeMap, BTreeSet};

/// The record that all connections of a scenario share.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Each nickname that somebody has asked for, and how often.
    asked: BTreeMap<String, usize>,
    /// The same nicknames, the longest first.
    longest_first: Vec<String>,
    members: BTreeSet<String>,
    gone: BTreeSet<String>,
    /// The texts of each speaker, in order.
    said: BTreeMap<String, Vec<String>>,
}

impl Known {
    /// Somebody asks for a nickname.
    pub(super) fn ask(&mut self, nickname: &str) {
        *self.asked.entry(nickname.to_owned()).or_default() += 1;
        self.gone.remove(nickname);
        if !self.longest_first.iter().any(|known| known == nickname) {
            let at = self
                .longest_first
                .partition_point(|known| known.len() >= nickname.len());
            self.longest_first.insert(at, nickname.to_owned());
        }
    }

    /// A nickname was refused, or was none: it stands for nobody.
    pub(super) fn forget(&mut self, nickname: &str) {
        if !self.members.contains(nickname) && !self.gone.contains(nickname) {
            self.longest_first.retain(|known| known != nickname);
        }
    }

    /// Somebody has been welcomed.
    pub(super) fn join(&mut self, nickname: &str) {
        self.members.insert(nickname.to_owned());
    }

    /// Somebody leaves.
    pub(super) fn leave(&mut self, nickname: &str) {
        self.members.remove(nickname);
        self.gone.insert(nickname.to_owned());
    }

    /// A member says something.
    pub(super) fn say(&mut self, nickname: &str, text: &str) {
        let said = self.said.entry(nickname.to_owned()).or_default();
        said.push(text.to_owned());
    }

    /// The nicknames that somebody has asked for, the longest first.
    pub(super) fn nicknames(&self) -> &[String] {
        &self.longest_first
    }

    /// How often somebody has asked for a nickname.
    pub(super) fn times_asked(&self, nickname: &str) -> usize {
        self.asked.get(nickname).copied().unwrap_or_default()
    }

    pub(super) fn members(&self) -> &BTreeSet<String> {
        &self.members
    }

    /// Whether the last one who asked for this nickname is leaving or has left.
    pub(super) fn is_gone(&self, nickname: &str) -> bool {
        self.gone.contains(nickname)
    }

    /// Whether a nickname is taken, also in another case.
    pub(super) fn is_taken(&self, nickname: &str) -> bool {
        let lower = nickname.to_lowercase();
        self.members
            .iter()
            .any(|member| member.to_lowercase() == lower)
    }

    /// What somebody has said, in order.
    pub(super) fn texts(&self, nickname: &str) -> &[String] {
        self.said.get(nickname).map_or(&[], Vec::as_slice)
    }

    /// How many texts each speaker has said.
    pub(super) fn counts(&self) -> BTreeMap<String, usize> {
        let counts = self
            .said
            .iter()
            .map(|(nickname, texts)| (nickname.clone(), texts.len()));
        counts.collect()
    }
}
