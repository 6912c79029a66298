//! The text of a MATPOWER file: scalars and tables of numbers.

use std::collections::BTreeMap;
use std::fmt;

/// What is wrong with a file, and in which line, if it concerns a single line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl Error {
    pub(super) fn new(line: impl Into<Option<usize>>, reason: impl Into<String>) -> Self {
        Self { line: line.into(), reason: reason.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for Error {}

/// A table of numbers, all rows of which are equally long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The line in which the table begins.
    pub line: usize,
    /// Of each row the line in which it begins, and the entries.
    pub rows: Vec<(usize, Vec<f64>)>,
}

/// The fields of a file: numbers, texts and tables by their names, without `mpc.`.
///
/// ```
/// use large::matpower::Tables;
///
/// let text = "function mpc = two\nmpc.baseMVA = 100; % a comment\nmpc.bus = [\n  1, 3\n  2, ... continued\n  1;\n];\n";
/// let tables = Tables::parse(text).unwrap();
/// assert_eq!(tables.scalars["baseMVA"], (2, "100".to_string()));
/// assert_eq!(tables.tables["bus"].rows, [(4, vec![1.0, 3.0]), (5, vec![2.0, 1.0])]);
/// assert_eq!(Tables::parse("mpc.bus = [\n 1 x;\n];").unwrap_err().to_string(), "line 2: `x` is not a number");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Numbers and texts as they stand in the file, with their lines.
    pub scalars: BTreeMap<String, (usize, String)>,
    /// The tables.
    pub tables: BTreeMap<String, Table>,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    /// A name or a number.
    Word(&'a str),
    /// A text in quotes.
    Text(&'a str),
    /// One of `[ ] { } ( ) = ;`.
    Symbol(char),
    /// The end of a line that is not continued.
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) => write!(f, "`{text}`"),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Symbol(symbol) => write!(f, "`{symbol}`"),
            Self::End => f.write_str("the end of the line"),
        }
    }
}

const SYMBOLS: &str = "[]{}()=;";

/// The tokens of the text, each with its line. Commas separate words as blanks do, `%` begins a comment, and after `...`
/// the line is continued by the next one.
fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, Error> {
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '\u{feff}');
            if rest.starts_with("...") {
                break;
            }
            let token = match rest.chars().next() {
                None | Some('%') => {
                    tokens.push((number, Token::End));
                    break;
                }
                Some('\'') => {
                    let length = rest[1..].find('\'').ok_or_else(|| Error::new(number, "a text has no end"))?;
                    let token = Token::Text(&rest[1..=length]);
                    rest = &rest[length + 2..];
                    token
                }
                Some(symbol) if SYMBOLS.contains(symbol) => {
                    rest = &rest[1..];
                    Token::Symbol(symbol)
                }
                Some(_) => {
                    let ends = |c: char| c.is_whitespace() || ",%'".contains(c) || SYMBOLS.contains(c);
                    let length = rest.find(ends).unwrap_or(rest.len());
                    let length = rest[..length].find("...").unwrap_or(length);
                    let token = Token::Word(&rest[..length]);
                    rest = &rest[length..];
                    token
                }
            };
            tokens.push((number, token));
        }
    }
    Ok(tokens)
}

impl Tables {
    /// Reads a file's text.
    ///
    /// # Errors
    /// If a statement is not one that sets a field, if a field is set twice, if an entry of a table is not a number, if the
    /// rows of a table are not equally long, or if a table or a text has no end.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let tokens = tokens(text)?;
        let mut tokens = tokens.into_iter();
        let mut tables = Self::default();
        while let Some((line, token)) = tokens.next() {
            match token {
                Token::End | Token::Symbol(';') | Token::Word("end" | "return") => {}
                Token::Word("function") => while tokens.next().is_some_and(|(_, token)| token != Token::End) {},
                Token::Word(word) => {
                    let name = word.strip_prefix("mpc.").ok_or_else(|| unknown(line, token))?;
                    match tokens.next() {
                        Some((_, Token::Symbol('='))) => tables.field(line, name, &mut tokens)?,
                        _ => return Err(Error::new(line, format!("`{word}` is not followed by `=`"))),
                    }
                }
                _ => return Err(unknown(line, token)),
            }
        }
        Ok(tables)
    }

    /// Reads the value of a field.
    fn field<'a>(
        &mut self,
        line: usize,
        name: &str,
        tokens: &mut impl Iterator<Item = (usize, Token<'a>)>,
    ) -> Result<(), Error> {
        if self.scalars.contains_key(name) || self.tables.contains_key(name) {
            return Err(Error::new(line, format!("mpc.{name} is set a second time")));
        }
        match tokens.next().map(|(_, token)| token) {
            Some(Token::Symbol('[')) => {
                let table = table(line, name, tokens)?;
                self.tables.insert(name.into(), table);
            }
            // Texts, such as the names of buses, of which nothing here makes use.
            Some(Token::Symbol('{')) => {
                if !tokens.any(|(_, token)| token == Token::Symbol('}')) {
                    return Err(Error::new(line, format!("mpc.{name} has no end `}}`")));
                }
                self.scalars.insert(name.into(), (line, String::new()));
            }
            Some(Token::Word(value) | Token::Text(value)) => {
                self.scalars.insert(name.into(), (line, value.into()));
            }
            _ => return Err(Error::new(line, format!("mpc.{name} has no value"))),
        }
        match tokens.next() {
            None | Some((_, Token::End | Token::Symbol(';'))) => Ok(()),
            Some((line, token)) => Err(Error::new(line, format!("{token} stands behind the value of mpc.{name}"))),
        }
    }
}

fn unknown(line: usize, token: Token<'_>) -> Error {
    Error::new(line, format!("{token} begins no statement that sets a field of mpc; code is not run"))
}

/// Reads a table up to its end `]`.
fn table<'a>(begin: usize, name: &str, tokens: &mut impl Iterator<Item = (usize, Token<'a>)>) -> Result<Table, Error> {
    let mut table = Table { line: begin, rows: Vec::new() };
    let mut row = (begin, Vec::new());
    for (line, token) in tokens {
        match token {
            Token::Word(word) => {
                if row.1.is_empty() {
                    row.0 = line;
                }
                row.1.push(word.parse().map_err(|_| Error::new(line, format!("`{word}` is not a number")))?);
            }
            Token::End | Token::Symbol(';' | ']') => {
                if !row.1.is_empty() {
                    let (expected, found) = (table.rows.first().unwrap_or(&row).1.len(), row.1.len());
                    if found != expected {
                        let reason =
                            format!("this row of mpc.{name} has {found} entries, and the first one {expected}");
                        return Err(Error::new(row.0, reason));
                    }
                    table.rows.push(std::mem::take(&mut row));
                }
                if token == Token::Symbol(']') {
                    return Ok(table);
                }
            }
            _ => return Err(Error::new(line, format!("{token} in the table mpc.{name}"))),
        }
    }
    Err(Error::new(begin, format!("mpc.{name} has no end `]`")))
}
