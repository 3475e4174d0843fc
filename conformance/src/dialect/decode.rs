//! What a server of the dialect says -> lines.

use std::cell::Cell;

use driver::wire::{Broken, ClientLine, ErrorCode, Received, ServerLine, Sink, judge_line};

use super::known::Known;
use super::pattern::{Context, Found, Place};
use super::speaker::Speaker;
use super::words::{Framing, Word};

/// What a search for words has found.
enum Search {
    Found(Word, Found),
    /// A text has begun whose end is not known yet.
    Waits,
    Nothing,
}

/// Decodes one message of a server, without the mark of its end.
pub(super) fn unit(speaker: &mut Speaker, bytes: &[u8], out: Sink<'_>) {
    let bytes = match speaker.dialect.framing_out {
        Framing::CrLf => bytes.strip_suffix(b"\r").unwrap_or(bytes),
        _ => bytes,
    };
    let text = match judge_line(bytes) {
        Some(Received::Line(text)) => text,
        other => return out(other),
    };
    match search(speaker, &text, true, true) {
        Search::Found(word, found) => accept(speaker, word, found, &text, out),
        Search::Waits | Search::Nothing => foreign(speaker, &text, out),
    }
}

/// Decodes the beginning of a stream without an end of messages. Returns how many bytes are left.
pub(super) fn stream(
    speaker: &mut Speaker,
    bytes: &[u8],
    is_settled: bool,
    out: Sink<'_>,
) -> usize {
    let mut left = bytes;
    while !left.is_empty() {
        let text = match std::str::from_utf8(left) {
            Ok(text) => text,
            Err(error) => {
                let valid = &left[..error.valid_up_to()];
                std::str::from_utf8(valid).unwrap_or_default()
            }
        };
        if !is_settled && may_become_message(speaker, text) {
            break;
        }
        let end = match search(speaker, text, false, is_settled) {
            Search::Found(word, found) if found.end > 0 => {
                let end = found.end;
                accept(speaker, word, found, &text[..end], out);
                end
            }
            Search::Nothing | Search::Found(..) if is_settled && !text.is_empty() => {
                let end = next_known(speaker, &speaker.known.borrow(), text, 1);
                foreign(speaker, &text[..end], out);
                end
            }
            _ if is_settled => {
                out(Some(Received::Broken(left.to_vec(), Broken::NotUtf8)));
                left.len()
            }
            _ => break,
        };
        left = &left[end..];
    }
    left.len()
}

/// Whether so little has come that it may become a message of anybody.
fn may_become_message(speaker: &Speaker, text: &str) -> bool {
    let known = speaker.known.borrow();
    let patterns = speaker.dialect.patterns(Word::Message).iter();
    let mut heads = patterns.flat_map(|pattern| {
        let nicknames = known.nicknames().iter();
        nicknames.map(|nick| pattern.render(nick, "", ""))
    });
    speaker.is_welcomed && heads.any(|head| head.len() > text.len() && head.starts_with(text))
}

/// Looks for the words that the input is, or begins with.
fn search(speaker: &Speaker, input: &str, whole: bool, is_settled: bool) -> Search {
    let known = speaker.known.borrow();
    let own: Vec<_> = speaker.nick.iter().cloned().collect();
    let text_ends =
        |nick: &str, at: usize| text_ends(speaker, &known, input, (nick, at), is_settled);
    let any_end = |at: usize| next_known(speaker, &known, input, at + 1);
    for loose in [false, true] {
        for word in order(speaker) {
            for pattern in speaker.dialect.patterns(word) {
                // Somebody is welcomed by its own nickname, and may be told of others.
                let is_own = word == Word::Welcome && !pattern.has(Place::Nicks);
                let context = Context {
                    nicknames: if is_own { &own } else { known.nicknames() },
                    whole,
                    loose,
                    text_ends: &text_ends,
                    any_end: &any_end,
                    waits: Cell::new(false),
                };
                let found = pattern.find(input, &context);
                match found {
                    Some(found) if fits(speaker, &known, word, &found) => {
                        return Search::Found(word, found);
                    }
                    None if context.waits.get() && speaker.is_welcomed => return Search::Waits,
                    _ => {}
                }
            }
        }
    }
    Search::Nothing
}

/// The words that can come now, the surest first.
fn order(speaker: &Speaker) -> Vec<Word> {
    let is_named = speaker.is_welcomed || speaker.nick.is_some();
    let mut order = Vec::new();
    if speaker.is_welcomed {
        order.push(Word::Here);
    }
    order.push(Word::Message);
    if is_named && !speaker.is_welcomed {
        order.push(Word::Welcome);
    }
    order.extend([Word::Joined, Word::Left, Word::Presence]);
    order.extend(ErrorCode::ALL.map(Word::Refusal));
    if !speaker.is_welcomed {
        order.extend(is_named.then_some(Word::RefusedNickname));
        order.push(Word::Prompt);
    }
    order.push(Word::Ignore);
    if speaker.is_leaving || speaker.dialect.has_goodbye() {
        order.push(Word::Goodbye);
    }
    order
}

/// Whether words can be meant where they were found.
fn fits(speaker: &Speaker, known: &Known, word: Word, found: &Found) -> bool {
    let is_own = found.nick.is_some() && found.nick == speaker.nick;
    match word {
        // Before the welcome, words that look like a message are one only if it was said.
        Word::Message if !speaker.is_welcomed => {
            let (nick, text) = (found.nick.as_deref(), found.text.as_deref());
            let said = known.texts(nick.unwrap_or_default());
            said.iter().any(|said| Some(said.as_str()) == text)
        }
        // The last words to somebody who leaves may name it.
        Word::Presence => !(is_own && speaker.is_leaving && !speaker.dialect.has_goodbye()),
        _ => true,
    }
}

/// The ends of a text of a speaker that begins at a place, the likeliest first.
fn text_ends(
    speaker: &Speaker,
    known: &Known,
    input: &str,
    (nick, at): (&str, usize),
    is_settled: bool,
) -> Vec<usize> {
    let next = speaker.next_in_turn(nick);
    let mut owed = speaker.owed(known, nick);
    owed.sort_by_key(|(place, text)| (*place != next, std::cmp::Reverse(text.len())));
    let ends = owed
        .iter()
        .filter(|(_, text)| input[at..].starts_with(text));
    let ends = ends.map(|(_, text)| at + text.len());
    let mut ends: Vec<_> = ends
        .filter(|end| {
            let behind = &input[*end..];
            behind.is_empty()
                || begins(speaker, known, behind)
                || speaker.dialect.has(Word::Presence) && !due(speaker, "", behind).is_empty()
        })
        .collect();
    if ends.is_empty() && is_settled {
        ends.push(next_known(speaker, known, input, at));
    }
    ends
}

/// The first place from here on where something known begins; otherwise the end.
fn next_known(speaker: &Speaker, known: &Known, input: &str, from: usize) -> usize {
    let places = input.char_indices().map(|(at, _)| at);
    let mut places = places.filter(|at| *at >= from);
    let found = places.find(|at| begins(speaker, known, &input[*at..]));
    found.unwrap_or(input.len())
}

fn begins(speaker: &Speaker, known: &Known, input: &str) -> bool {
    let text_begins = |nick: &str, rest: &str| {
        let owed = speaker.owed(known, nick);
        let mut owed = owed.iter().filter(|(_, text)| !text.is_empty());
        owed.any(|(_, text)| rest.starts_with(text) || text.starts_with(rest))
    };
    let words = [Word::Message, Word::Joined, Word::Left, Word::Presence];
    let mut patterns = words
        .into_iter()
        .flat_map(|word| speaker.dialect.patterns(word));
    patterns.any(|pattern| pattern.begins(input, known.nicknames(), &text_begins))
}

/// Takes words for what they mean.
fn accept(speaker: &mut Speaker, word: Word, found: Found, written: &str, out: Sink<'_>) {
    let nick = found.nick.unwrap_or_default();
    let mut line = |line: ServerLine<'_>| out(Some(Received::Line(line.to_string())));
    match word {
        Word::Welcome => {
            let own = speaker.nick.clone().unwrap_or_default();
            let nick = if nick.is_empty() { own } else { nick };
            welcome(speaker, &nick, found.count, found.nicks, out);
            for other in due(speaker, &nick, written) {
                presence(speaker, &other, out);
            }
        }
        Word::Here => {
            let is_own = speaker.nick.as_ref() == Some(&nick);
            if !(is_own && speaker.dialect.lists_self) {
                meet(speaker, &nick);
                line(ServerLine::here(&nick));
            }
        }
        Word::Joined => joined(speaker, &nick, out),
        Word::Left => {
            speaker.there.remove(&nick);
            line(ServerLine::left(&nick));
        }
        Word::Presence => {
            presence(speaker, &nick, out);
            for other in due(speaker, &nick, written) {
                presence(speaker, &other, out);
            }
        }
        Word::Message => {
            let text = found.text.unwrap_or_default();
            // A wish to leave that is passed on is one in every dialect.
            let is_quit = !ClientLine::parse(text.as_bytes()).is_quit()
                && speaker
                    .dialect
                    .patterns(Word::Quit)
                    .iter()
                    .any(|quit| quit.render("", "", "") == text);
            message(speaker, &nick, if is_quit { "<quit>" } else { &text }, out);
        }
        Word::Refusal(code) => refused(speaker, code, out),
        Word::RefusedNickname => {
            let own = speaker.nick.clone().unwrap_or_default();
            refused(speaker, likely_refusal(speaker, &own), out);
        }
        Word::Goodbye if speaker.dialect.has_goodbye() => line(ServerLine::Quit),
        Word::Goodbye | Word::Prompt | Word::Ignore => {}
        Word::Say | Word::Quit | Word::Commands => {}
    }
}

/// Somebody is a member from now on.
pub(super) fn welcome(
    speaker: &mut Speaker,
    nick: &str,
    count: Option<usize>,
    nicks: Option<Vec<String>>,
    out: Sink<'_>,
) {
    let dialect = std::sync::Arc::clone(&speaker.dialect);
    let nicks = nicks.map(|mut nicks| {
        nicks.retain(|other| !(dialect.lists_self && other == nick));
        nicks
    });
    become_member(speaker, nick);
    let line = ServerLine::Welcome {
        nickname: nick,
        count,
        further: None,
    };
    out(Some(Received::Line(line.to_string())));
    if dialect.has_list() {
        speaker.there.clear();
    }
    for other in nicks.unwrap_or_default() {
        meet(speaker, &other);
        out(Some(Received::Line(ServerLine::here(&other).to_string())));
    }
}

fn become_member(speaker: &mut Speaker, nick: &str) {
    let mut known = speaker.known.borrow_mut();
    speaker.there.clone_from(known.members());
    for other in known.nicknames() {
        if known.members().contains(other) || known.is_gone(other) {
            speaker
                .joinings
                .insert(other.clone(), known.times_asked(other));
        }
    }
    if speaker.is_leaving {
        known.leave(nick);
    } else {
        known.join(nick);
    }
    drop(known);
    for text in std::mem::take(&mut speaker.maybe_nicks) {
        if text != nick {
            speaker.known.borrow_mut().forget(&text);
        }
    }
    speaker.is_welcomed = true;
    speaker.refusal = None;
    speaker.nick = Some(nick.to_owned());
    speaker.awaits_own_notice = speaker.dialect.own_joined;
}

/// Remembers that somebody is there.
fn meet(speaker: &mut Speaker, nick: &str) {
    speaker.there.insert(nick.to_owned());
    let times = speaker.known.borrow().times_asked(nick);
    speaker.joinings.insert(nick.to_owned(), times);
}

fn joined(speaker: &mut Speaker, nick: &str, out: Sink<'_>) {
    let is_own = speaker.nick.as_deref() == Some(nick);
    if is_own && std::mem::take(&mut speaker.awaits_own_notice) {
        return;
    }
    meet(speaker, nick);
    out(Some(Received::Line(ServerLine::joined(nick).to_string())));
}

/// Words that tell that somebody comes or leaves, but not which: who is not there joins, who is there leaves.
fn presence(speaker: &mut Speaker, nick: &str, out: Sink<'_>) {
    let known = speaker.known.borrow();
    let seen = speaker.joinings.get(nick).copied().unwrap_or_default();
    let is_new = known.times_asked(nick) > seen || !known.is_gone(nick);
    drop(known);
    if speaker.there.contains(nick) || !is_new {
        speaker.there.remove(nick);
        out(Some(Received::Line(ServerLine::left(nick).to_string())));
    } else {
        joined(speaker, nick, out);
    }
}

/// The others whom words name that have come at once with those about somebody, and whose coming or leaving is due. Where words have
/// no end, a name may stand right behind the last word of the notice before.
fn due(speaker: &Speaker, nick: &str, written: &str) -> Vec<String> {
    if speaker.dialect.framing_out != Framing::None {
        return Vec::new();
    }
    let known = speaker.known.borrow();
    let is_due = |other: &&String| {
        let seen = speaker.joinings.get(*other).copied().unwrap_or_default();
        let is_there = speaker.there.contains(*other);
        let is_changing = if is_there {
            known.is_gone(other)
        } else {
            known.times_asked(other) > seen && !known.is_gone(other)
        };
        *other != nick && Some(*other) != speaker.nick.as_ref() && is_changing
    };
    let named = known.nicknames().iter().filter(is_due).filter_map(|other| {
        let at = written.find(other.as_str())?;
        let behind = written[at + other.len()..].chars().next();
        let is_word = !other.is_empty() && !behind.is_some_and(char::is_alphanumeric);
        is_word.then(|| (at, other.clone()))
    });
    let mut named: Vec<_> = named.collect();
    named.sort_unstable();
    named.into_iter().map(|(_, other)| other).collect()
}

/// Somebody has said something. What a speaker hears of itself is taken off where the dialect has an echo.
fn message(speaker: &mut Speaker, nick: &str, text: &str, out: Sink<'_>) {
    let known = speaker.known.borrow();
    let next = speaker.next_in_turn(nick);
    let owed = speaker.owed(&known, nick);
    let mut same = owed
        .iter()
        .filter(|(_, owed)| *owed == text)
        .map(|(place, _)| *place);
    let place = same
        .clone()
        .find(|place| *place >= next)
        .or(same.next_back());
    let is_echo = speaker.dialect.echo && speaker.nick.as_deref() == Some(nick);
    let missing = owed
        .iter()
        .filter(|(at, _)| *at >= speaker.said_before(nick) && Some(*at) < place);
    let missing: Vec<_> = missing
        .map(|(at, text)| (*at, (*text).to_owned()))
        .collect();
    drop(known);
    let heard = speaker.heard.entry(nick.to_owned()).or_default();
    heard.come.extend(place);
    let line = ServerLine::message(nick, text).to_string();
    if is_echo && place.is_some() {
        heard.come.extend(missing.iter().map(|(at, _)| *at));
        for (_, text) in missing {
            let line = ServerLine::message(nick, &text).to_string();
            out(Some(Received::Broken(line.into_bytes(), Broken::NoEcho)));
        }
        if !text.starts_with("~marker ") {
            return;
        }
    }
    out(Some(Received::Line(line)));
}

fn refused(speaker: &mut Speaker, code: ErrorCode, out: Sink<'_>) {
    if !speaker.is_welcomed && speaker.dialect.closes_after_refusal {
        speaker.refusal = Some(code);
        return;
    }
    let is_name = matches!(
        code,
        ErrorCode::NicknameInvalid | ErrorCode::NicknameTaken | ErrorCode::RoomFull
    );
    if !speaker.is_welcomed && is_name {
        let refused = speaker.nick.take().unwrap_or_default();
        speaker.known.borrow_mut().forget(&refused);
    }
    out(Some(Received::Line(ServerLine::refusal(code).to_string())));
}

/// Why a server has refused a nickname, if it does not say.
pub(super) fn likely_refusal(speaker: &Speaker, nick: &str) -> ErrorCode {
    if speaker.known.borrow().is_taken(nick) {
        ErrorCode::NicknameTaken
    } else if speaker.dialect.allows(nick) {
        ErrorCode::RoomFull
    } else {
        ErrorCode::NicknameInvalid
    }
}

/// Words that no pattern matches.
fn foreign(speaker: &mut Speaker, text: &str, out: Sink<'_>) {
    if !speaker.dialect.may_mean(text) {
        return out(Some(Received::Broken(text.into(), Broken::Foreign)));
    }
    if let ServerLine::Welcome { nickname, .. } = ServerLine::parse(text) {
        become_member(speaker, nickname);
    }
    out(Some(Received::Line(text.to_owned())));
}
