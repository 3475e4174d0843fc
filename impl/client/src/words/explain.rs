//! Why something did not work.

use super::{Language, foreign, say};
use crate::session::{End, Failure, Fault, InputError, Question, Refusal};
use salotto_protocol::{ErrorCode, LineError, MAX_CLIENT_LINE, NicknameError};

impl Language {
    /// Why a nickname was refused, in one sentence for the field where it was typed.
    pub fn refusal(self, refusal: &Refusal) -> String {
        let nick = foreign(&refusal.nick);
        match refusal.known() {
            Some(ErrorCode::NicknameTaken) => say!(
                self,
                "somebody is called {nick} already: choose another nickname",
                "qualcuno si chiama già {nick}: scegli un altro nome",
            ),
            Some(ErrorCode::NicknameInvalid) => match refusal.rule() {
                Some(rule) => self.nickname_rule(rule),
                None => say!(
                    self,
                    "the server does not take {nick} as a nickname: choose another one",
                    "il server non accetta il nome {nick}: scegline un altro",
                ),
            },
            _ => {
                let why = self.error(&refusal.code, &refusal.explanation);
                say!(
                    self,
                    "{nick} was refused: {why}",
                    "{nick} è stato rifiutato: {why}"
                )
            }
        }
    }

    /// Which rule a nickname breaks.
    pub fn nickname_rule(self, rule: NicknameError) -> String {
        match rule {
            NicknameError::Empty => say!(self, "a nickname is not empty", "un nome non è vuoto"),
            NicknameError::TooLong { bytes } => say!(
                self,
                "a nickname has at most 32 bytes, and this one has {bytes}",
                "un nome ha al massimo 32 byte, e questo ne ha {bytes}",
            ),
            NicknameError::First(c) => say!(
                self,
                "a nickname does not begin with {c}",
                "un nome non comincia con {c}",
            ),
            NicknameError::Holds(' ') => say!(
                self,
                "a nickname holds no space",
                "un nome non contiene spazi"
            ),
            NicknameError::Holds(c) => {
                let c = foreign(c.encode_utf8(&mut [0; 4]));
                say!(
                    self,
                    "a nickname does not hold {c}",
                    "un nome non contiene {c}"
                )
            }
            NicknameError::Profile => say!(
                self,
                "a nickname holds only letters, digits, marks and symbols that people can see",
                "un nome contiene solo lettere, cifre e simboli che si vedono",
            ),
        }
    }

    /// An error of the server. The explanation is the server's own.
    pub fn error(self, code: &str, explanation: &str) -> String {
        let known = match ErrorCode::of(code) {
            Some(ErrorCode::LineTooLong) => {
                say!(self, "the line is too long", "la riga è troppo lunga")
            }
            Some(ErrorCode::NotUtf8) => say!(self, "the line is no text", "la riga non è un testo"),
            Some(ErrorCode::ControlCharacter) => say!(
                self,
                "the line holds a control character",
                "la riga contiene un carattere di controllo",
            ),
            Some(ErrorCode::UnknownCommand) => say!(
                self,
                "the server does not know this command",
                "il server non conosce questo comando",
            ),
            Some(ErrorCode::NicknameInvalid) => say!(
                self,
                "the nickname is not possible",
                "il nome non è possibile"
            ),
            Some(ErrorCode::NicknameTaken) => {
                say!(self, "the nickname is taken", "il nome è già preso")
            }
            Some(ErrorCode::RoomFull) => say!(self, "the room is full", "la stanza è piena"),
            None => {
                let both = if explanation.is_empty() {
                    code.to_owned()
                } else {
                    format!("{code} {explanation}")
                };
                return foreign(&both);
            }
        };
        format!("{known} ({})", foreign(code))
    }

    /// How a connection ended.
    pub fn end(self, end: End) -> String {
        match end {
            End::Left => say!(self, "you have left", "sei uscito dalla stanza"),
            End::Goodbye => say!(
                self,
                "the server has said goodbye",
                "il server ha salutato e chiuso"
            ),
            End::SentAway => say!(
                self,
                "the server has sent you away before you had a nickname",
                "il server ti ha congedato prima che avessi un nome",
            ),
            End::RoomFull => say!(self, "the room is full", "la stanza è piena"),
            End::Closed => say!(
                self,
                "the server has ended the connection without a goodbye",
                "il server ha chiuso la connessione senza salutare",
            ),
            End::Broken(failure) => {
                let why = self.failure(failure);
                say!(
                    self,
                    "the connection broke: {why}",
                    "la connessione è caduta: {why}"
                )
            }
            End::Unreachable(failure) => {
                let why = self.failure(failure);
                say!(self, "no connection: {why}", "nessuna connessione: {why}")
            }
        }
    }

    /// Why there is no connection.
    pub fn failure(self, failure: Failure) -> String {
        match failure {
            Failure::NoSuchHost => say!(
                self,
                "nobody knows a host of that name",
                "nessuno conosce un host con quel nome"
            ),
            Failure::Refused => say!(
                self,
                "nobody listens on that port",
                "su quella porta non ascolta nessuno"
            ),
            Failure::NoRoute => say!(
                self,
                "there is no way to that host",
                "quell'host non è raggiungibile"
            ),
            Failure::TimedOut => say!(self, "no answer in time", "nessuna risposta in tempo"),
            Failure::Reset => say!(
                self,
                "the server has cut it off",
                "il server l'ha interrotta"
            ),
            Failure::Other(kind) => say!(self, "{kind}", "{kind}"),
        }
    }

    /// Why a text was not sent.
    pub fn input_error(self, error: &InputError) -> String {
        match error {
            InputError::TooLong { bytes } => say!(
                self,
                "a line has at most {MAX_CLIENT_LINE} bytes, and this one has {bytes}",
                "una riga ha al massimo {MAX_CLIENT_LINE} byte, e questa ne ha {bytes}",
            ),
            InputError::Control(c) => {
                let c = foreign(c.encode_utf8(&mut [0; 4]));
                say!(
                    self,
                    "the text holds the control character {c}",
                    "il testo contiene il carattere di controllo {c}",
                )
            }
            InputError::UnknownCommand(command) => {
                let command = foreign(command);
                say!(
                    self,
                    "there is no command {command}; //... says what begins with a slash, /help tells more",
                    "il comando {command} non esiste; //... dice quello che comincia con una barra, /help spiega",
                )
            }
            InputError::NotJoined => say!(self, "you are not in the room", "non sei nella stanza"),
            InputError::Busy => say!(
                self,
                "the server has not taken yet what was sent before",
                "il server non ha ancora preso quello che è stato mandato prima",
            ),
            InputError::NotANickname => say!(
                self,
                "this cannot be a nickname",
                "questo non può essere un nome"
            ),
        }
    }

    /// Why what was typed is no line.
    pub fn line_error(self, error: LineError) -> String {
        match error {
            LineError::TooLong { .. } => say!(
                self,
                "a line has at most {MAX_CLIENT_LINE} bytes, and this one has more",
                "una riga ha al massimo {MAX_CLIENT_LINE} byte, e questa ne ha di più",
            ),
            LineError::NotUtf8 { .. } => say!(
                self,
                "what was typed is not UTF-8",
                "quello che è stato scritto non è UTF-8",
            ),
            LineError::Control(c) => self.input_error(&InputError::Control(c)),
        }
    }

    /// What is to be decided before anything is sent; how to answer is the front's to say.
    pub fn question(self, question: &Question) -> String {
        let (lines, commands) = (question.lines.len(), question.commands);
        match (&question.lines[..], commands) {
            ([line], _) => {
                let line = foreign(line);
                say!(
                    self,
                    "the server would take {line} for a command, not for a message",
                    "il server prenderebbe {line} per un comando, non per un messaggio",
                )
            }
            (_, 0) => say!(
                self,
                "these are {lines} messages",
                "questi sono {lines} messaggi"
            ),
            _ => say!(
                self,
                "these are {lines} lines; the server would take {commands} of them for commands",
                "queste sono {lines} righe; il server ne prenderebbe {commands} per comandi",
            ),
        }
    }

    /// What a server did wrong.
    pub fn fault(self, fault: &Fault) -> String {
        let what = match fault {
            Fault::Line(LineError::TooLong { limit }) => say!(
                self,
                "a line of more than {limit} bytes, which is left out",
                "una riga di più di {limit} byte, che viene tralasciata",
            ),
            Fault::Line(LineError::NotUtf8 { .. }) => say!(
                self,
                "a line that is no text, and is left out",
                "una riga che non è un testo, e viene tralasciata",
            ),
            Fault::Line(LineError::Control(c)) => {
                let c = foreign(c.encode_utf8(&mut [0; 4]));
                say!(
                    self,
                    "a line with the control character {c}, which is left out",
                    "una riga con il carattere di controllo {c}, che viene tralasciata",
                )
            }
            Fault::NotALine(line) => {
                let line = foreign(line);
                say!(
                    self,
                    "a line that means nothing: {line}",
                    "una riga che non significa nulla: {line}"
                )
            }
            Fault::Early => say!(
                self,
                "something before the welcome",
                "qualcosa prima del benvenuto"
            ),
            Fault::WelcomedTwice => say!(self, "a second welcome", "un secondo benvenuto"),
            Fault::WelcomedAs(nick) => {
                let nick = foreign(nick);
                say!(self, "a welcome for {nick}", "un benvenuto per {nick}")
            }
            Fault::HereTooLate => say!(self, "a \"here\" too many", "un \"here\" di troppo"),
            Fault::HereMissing => say!(self, "a \"here\" too few", "un \"here\" di meno"),
            Fault::LongNick => say!(
                self,
                "a nickname of more than 32 bytes",
                "un nome di più di 32 byte"
            ),
            Fault::Contradiction => say!(
                self,
                "a contradiction about who is there",
                "una contraddizione su chi è presente",
            ),
        };
        let requirement = fault.requirement();
        say!(
            self,
            "fault of the server ({requirement}): {what}",
            "errore del server ({requirement}): {what}",
        )
    }
}
