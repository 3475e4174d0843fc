//! Explanations of what failed.

use super::language::{Language, excerpt, tr};
use crate::session::{End, Failure, Fault, InputError, Question, Refusal};
use salotto_protocol::{ErrorCode, LineError, MAX_CLIENT_LINE, NicknameError};

impl Language {
    /// Why the server refused a nickname.
    pub(crate) fn refusal(self, refusal: &Refusal) -> String {
        let nick = excerpt(&refusal.nick);
        match refusal.known_code() {
            Some(ErrorCode::NicknameTaken) => tr!(
                self,
                "the nickname {nick} is taken: choose another one",
                "qualcuno si chiama già {nick}: scegli un altro nome",
            ),
            Some(ErrorCode::NicknameInvalid) => match refusal.broken_rule() {
                Some(rule) => self.nickname_rule(rule),
                None => tr!(
                    self,
                    "the server does not accept the nickname {nick}: choose another one",
                    "il server non accetta il nome {nick}: scegline un altro",
                ),
            },
            _ => {
                let reason = self.error(&refusal.code, &refusal.explanation);
                tr!(
                    self,
                    "the nickname {nick} was refused: {reason}",
                    "{nick} è stato rifiutato: {reason}"
                )
            }
        }
    }

    /// The rule that a nickname breaks.
    fn nickname_rule(self, rule: NicknameError) -> String {
        match rule {
            NicknameError::Empty => tr!(self, "a nickname cannot be empty", "un nome non è vuoto"),
            NicknameError::TooLong { bytes } => tr!(
                self,
                "a nickname has at most 32 bytes, and this one has {bytes}",
                "un nome ha al massimo 32 byte, e questo ne ha {bytes}",
            ),
            NicknameError::First(c) => tr!(
                self,
                "a nickname cannot start with {c}",
                "un nome non comincia con {c}",
            ),
            NicknameError::Holds(' ') => tr!(
                self,
                "a nickname cannot contain spaces",
                "un nome non contiene spazi"
            ),
            NicknameError::Holds(c) => {
                let c = excerpt(c.encode_utf8(&mut [0; 4]));
                tr!(
                    self,
                    "a nickname cannot contain {c}",
                    "un nome non contiene {c}"
                )
            }
            NicknameError::Profile => tr!(
                self,
                "a nickname can only contain letters, digits, marks and visible symbols",
                "un nome contiene solo lettere, cifre e simboli che si vedono",
            ),
        }
    }

    /// An error line of the server. An unknown code is shown with the server's own explanation.
    pub(super) fn error(self, code: &str, explanation: &str) -> String {
        let known = match ErrorCode::of(code) {
            Some(ErrorCode::LineTooLong) => {
                tr!(self, "the line is too long", "la riga è troppo lunga")
            }
            Some(ErrorCode::NotUtf8) => {
                tr!(self, "the line is not valid text", "la riga non è un testo")
            }
            Some(ErrorCode::ControlCharacter) => tr!(
                self,
                "the line contains a control character",
                "la riga contiene un carattere di controllo",
            ),
            Some(ErrorCode::UnknownCommand) => tr!(
                self,
                "the server does not know this command",
                "il server non conosce questo comando",
            ),
            Some(ErrorCode::NicknameInvalid) => {
                tr!(self, "the nickname is not valid", "il nome non è possibile")
            }
            Some(ErrorCode::NicknameTaken) => {
                tr!(self, "the nickname is taken", "il nome è già preso")
            }
            Some(ErrorCode::RoomFull) => tr!(self, "the room is full", "la stanza è piena"),
            None => {
                let both = if explanation.is_empty() {
                    code.to_owned()
                } else {
                    format!("{code} {explanation}")
                };
                return excerpt(&both);
            }
        };
        format!("{known} ({})", excerpt(code))
    }

    /// How a connection ended.
    pub(crate) fn end(self, end: End) -> String {
        match end {
            End::Left => tr!(self, "you have left", "sei uscito dalla stanza"),
            End::Goodbye => tr!(
                self,
                "the server has said goodbye",
                "il server ha salutato e chiuso"
            ),
            End::Dropped => tr!(
                self,
                "the server closed the connection before it accepted a nickname",
                "il server ti ha congedato prima che avessi un nome",
            ),
            End::RoomFull => tr!(self, "the room is full", "la stanza è piena"),
            End::Closed => tr!(
                self,
                "the server closed the connection without a goodbye",
                "il server ha chiuso la connessione senza salutare",
            ),
            End::Broken(failure) => {
                let reason = self.failure(failure);
                tr!(
                    self,
                    "the connection was lost: {reason}",
                    "la connessione è caduta: {reason}"
                )
            }
            End::Unreachable(failure) => {
                let reason = self.failure(failure);
                tr!(
                    self,
                    "could not connect: {reason}",
                    "nessuna connessione: {reason}"
                )
            }
        }
    }

    fn failure(self, failure: Failure) -> String {
        match failure {
            Failure::NoSuchHost => tr!(
                self,
                "there is no host of that name",
                "nessuno conosce un host con quel nome"
            ),
            Failure::Refused => tr!(
                self,
                "nothing listens on that port",
                "su quella porta non ascolta nessuno"
            ),
            Failure::NoRoute => tr!(
                self,
                "that host cannot be reached",
                "quell'host non è raggiungibile"
            ),
            Failure::TimedOut => tr!(
                self,
                "there was no answer in time",
                "nessuna risposta in tempo"
            ),
            Failure::Reset => tr!(self, "the server reset it", "il server l'ha interrotta"),
            Failure::Other(kind) => kind.to_string(),
        }
    }

    /// Why a text was not sent.
    pub(crate) fn input_error(self, error: &InputError) -> String {
        match error {
            InputError::TooLong { bytes } => tr!(
                self,
                "a line has at most {MAX_CLIENT_LINE} bytes, and this one has {bytes}",
                "una riga ha al massimo {MAX_CLIENT_LINE} byte, e questa ne ha {bytes}",
            ),
            InputError::Control(c) => {
                let c = excerpt(c.encode_utf8(&mut [0; 4]));
                tr!(
                    self,
                    "the text contains the control character {c}",
                    "il testo contiene il carattere di controllo {c}",
                )
            }
            InputError::UnknownCommand(command) => {
                let command = excerpt(command);
                tr!(
                    self,
                    "there is no command {command}; //... sends a message that starts with a slash, /help explains more",
                    "il comando {command} non esiste; //... dice quello che comincia con una barra, /help spiega",
                )
            }
            InputError::NotJoined => tr!(self, "you are not in the room", "non sei nella stanza"),
            InputError::Busy => tr!(
                self,
                "the server has not yet read what was sent before",
                "il server non ha ancora preso quello che è stato mandato prima",
            ),
            InputError::NotANickname => tr!(
                self,
                "this cannot be a nickname",
                "questo non può essere un nome"
            ),
        }
    }

    /// Why a typed line cannot be sent.
    pub(crate) fn line_error(self, error: LineError) -> String {
        match error {
            LineError::TooLong { .. } => tr!(
                self,
                "a line has at most {MAX_CLIENT_LINE} bytes, and this one has more",
                "una riga ha al massimo {MAX_CLIENT_LINE} byte, e questa ne ha di più",
            ),
            LineError::NotUtf8 { .. } => tr!(
                self,
                "the input is not UTF-8",
                "quello che è stato scritto non è UTF-8",
            ),
            LineError::Control(c) => self.input_error(&InputError::Control(c)),
        }
    }

    /// The question to answer before anything is sent. The front end adds how to answer it.
    pub(crate) fn question(self, question: &Question) -> String {
        let (lines, commands) = (question.lines.len(), question.commands);
        match (&question.lines[..], commands) {
            ([line], _) => {
                let line = excerpt(line);
                tr!(
                    self,
                    "the server would take {line} for a command, not for a message",
                    "il server prenderebbe {line} per un comando, non per un messaggio",
                )
            }
            (_, 0) => tr!(
                self,
                "these are {lines} messages",
                "questi sono {lines} messaggi"
            ),
            _ => tr!(
                self,
                "these are {lines} lines; the server would take {commands} of them for commands",
                "queste sono {lines} righe; il server ne prenderebbe {commands} per comandi",
            ),
        }
    }

    /// A violation of the protocol by the server.
    pub(crate) fn fault(self, fault: &Fault) -> String {
        let what = match fault {
            Fault::Line(LineError::TooLong { limit }) => tr!(
                self,
                "a line of more than {limit} bytes, which was ignored",
                "una riga di più di {limit} byte, che viene tralasciata",
            ),
            Fault::Line(LineError::NotUtf8 { .. }) => tr!(
                self,
                "a line that is not valid text, which was ignored",
                "una riga che non è un testo, e viene tralasciata",
            ),
            Fault::Line(LineError::Control(c)) => {
                let c = excerpt(c.encode_utf8(&mut [0; 4]));
                tr!(
                    self,
                    "a line with the control character {c}, which was ignored",
                    "una riga con il carattere di controllo {c}, che viene tralasciata",
                )
            }
            Fault::UnknownLine(line) => {
                let line = excerpt(line);
                tr!(
                    self,
                    "a line that is not part of the protocol: {line}",
                    "una riga che non significa nulla: {line}"
                )
            }
            Fault::BeforeWelcome => tr!(
                self,
                "a line for members before the welcome",
                "qualcosa prima del benvenuto"
            ),
            Fault::SecondWelcome => tr!(self, "a second welcome", "un secondo benvenuto"),
            Fault::WelcomeForOther(nick) => {
                let nick = excerpt(nick);
                tr!(self, "a welcome for {nick}", "un benvenuto per {nick}")
            }
            Fault::ExtraHere => tr!(self, "one \"here\" line too many", "un \"here\" di troppo"),
            Fault::MissingHere => tr!(self, "too few \"here\" lines", "un \"here\" di meno"),
            Fault::LongNick => tr!(
                self,
                "a nickname of more than 32 bytes",
                "un nome di più di 32 byte"
            ),
            Fault::Contradiction => tr!(
                self,
                "a contradiction about who is in the room",
                "una contraddizione su chi è presente",
            ),
        };
        let requirement = fault.requirement();
        tr!(
            self,
            "server fault ({requirement}): {what}",
            "errore del server ({requirement}): {what}",
        )
    }
}
