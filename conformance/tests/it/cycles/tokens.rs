//! Rust code as a list of tokens in which `::` is one token.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

pub(super) enum Token {
    /// An identifier or a keyword, and its line.
    Word(String, usize),
    /// `::`
    Separator,
    Mark(char),
    Braces(Vec<Self>),
    /// Parentheses or square brackets.
    Brackets(Vec<Self>),
    Literal(String),
}

pub(super) fn read(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    for tree in stream {
        let token = match tree {
            TokenTree::Ident(word) => Token::Word(word.to_string(), word.span().start().line),
            TokenTree::Literal(literal) => Token::Literal(literal.to_string()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                Token::Braces(read(group.stream()))
            }
            TokenTree::Group(group) => Token::Brackets(read(group.stream())),
            TokenTree::Punct(mark) => {
                if mark.as_char() == ':' && tokens.pop_if(|last| *last == ':').is_some() {
                    Token::Separator
                } else {
                    Token::Mark(mark.as_char())
                }
            }
        };
        tokens.push(token);
    }
    tokens
}

impl PartialEq<str> for Token {
    fn eq(&self, word: &str) -> bool {
        matches!(self, Self::Word(this, _) if this == word)
    }
}

impl PartialEq<char> for Token {
    fn eq(&self, mark: &char) -> bool {
        matches!(self, Self::Mark(this) if this == mark)
    }
}

/// The path at the start of these tokens, and the number of tokens that it takes.
pub(super) fn path(tokens: &[Token]) -> (Vec<String>, usize) {
    let mut path = Vec::new();
    let mut at = 0;
    while let Some(Token::Word(segment, _)) = tokens.get(at) {
        path.push(segment.clone());
        at += 1;
        if !matches!(tokens.get(at), Some(Token::Separator)) {
            break;
        }
        at += 1;
    }
    (path, at)
}

/// Whether code behind this attribute is only compiled for tests.
pub(super) fn is_test(attribute: &[Token]) -> bool {
    match attribute {
        [cfg, Token::Brackets(condition)] if *cfg == *"cfg" => match &condition[..] {
            [all, Token::Brackets(conditions)] if *all == *"all" => {
                conditions.iter().any(|condition| *condition == *"test")
            }
            [condition] => *condition == *"test",
            _ => false,
        },
        _ => false,
    }
}

/// The number of tokens of the item at the start of these tokens.
pub(super) fn item(tokens: &[Token]) -> usize {
    let is_prefix =
        |token: &&Token| matches!(token, Token::Brackets(_)) || **token == '#' || **token == *"pub";
    let is_import = tokens
        .iter()
        .find(|token| !is_prefix(token))
        .is_some_and(|token| *token == *"use");
    let is_end = |token: &Token| {
        *token == ';' || *token == ',' || !is_import && matches!(token, Token::Braces(_))
    };
    tokens
        .iter()
        .position(is_end)
        .map_or(tokens.len(), |end| end + 1)
}
