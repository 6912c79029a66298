//! The protocol: messages, answers, and the fields of inputs.

use super::{ba, det, gmm, hello, ht, kmeans, llsq, lse, lstm, ode, particle, saddle};
use serde_json::{Value, json};
use std::fmt::Display;
use std::hint::black_box;
use std::io::{BufRead, Result as Io, Write};
use std::time::{Duration, Instant};

/// The functions of a problem, by name.
pub(crate) type Functions = &'static [(&'static str, Solve)];
/// Computes the answer from the input, or says what is wrong with the input.
pub(crate) type Solve = fn(&Field) -> Result<Solved, String>;

/// The problems, by name.
pub(crate) const MODULES: [(&str, Functions); 12] = [
    ("hello", hello::FUNCTIONS),
    ("gmm", gmm::FUNCTIONS),
    ("ba", ba::FUNCTIONS),
    ("lstm", lstm::FUNCTIONS),
    ("ht", ht::FUNCTIONS),
    ("kmeans", kmeans::FUNCTIONS),
    ("llsq", llsq::FUNCTIONS),
    ("lse", lse::FUNCTIONS),
    ("ode", ode::FUNCTIONS),
    ("det", det::FUNCTIONS),
    ("particle", particle::FUNCTIONS),
    ("saddle", saddle::FUNCTIONS),
];

/// Answers each line until the input ends.
pub(crate) fn serve(input: impl BufRead, mut output: impl Write) -> Io<()> {
    for line in input.lines() {
        writeln!(output, "{}", answer(&line?))?;
        output.flush()?;
    }
    Ok(())
}

/// Returns the answer to a message.
pub(crate) fn answer(line: &str) -> Value {
    let message: Value = match serde_json::from_str(line) {
        Ok(message) => message,
        Err(error) => return json!({ "id": null, "success": false, "error": format!("no JSON: {error}") }),
    };
    let id = &message["id"];
    let outcome = match message["kind"].as_str() {
        Some("start") => return json!({ "id": id, "tool": "nilpotent" }),
        Some("define") => module(&message).map(|_| json!({ "id": id, "success": true })),
        Some("evaluate") => evaluate(&message).map(|solved| {
            let timings: Vec<_> =
                solved.times.iter().map(|t| json!({ "name": "evaluate", "nanoseconds": t })).collect();
            json!({ "id": id, "success": true, "output": solved.output, "timings": timings })
        }),
        _ => return json!({ "id": id }),
    };
    outcome.unwrap_or_else(|error| json!({ "id": id, "success": false, "error": error }))
}

fn evaluate(message: &Value) -> Result<Solved, String> {
    let functions = module(message)?;
    let input = message.get("input").ok_or("the message has no input")?;
    let solved = named("function", functions, message)?(&Field::root(input))?;
    if finite(&solved.output) { Ok(solved) } else { Err("the output is not finite".into()) }
}

fn module(message: &Value) -> Result<Functions, String> {
    named("module", &MODULES, message)
}

/// Returns the entry of `among` whose name the message holds in its field `what`.
fn named<T: Copy>(what: &str, among: &[(&str, T)], message: &Value) -> Result<T, String> {
    let name = message[what].as_str().ok_or_else(|| format!("the message names no {what}"))?;
    among.iter().find(|(known, _)| *known == name).map(|&(_, found)| found).ok_or_else(|| {
        let known: Vec<_> = among.iter().map(|(known, _)| *known).collect();
        format!("{what}: one of {} expected, found {name:?}", known.join(", "))
    })
}

/// Returns whether all numbers are present: JSON cannot hold ∞ and NaN.
fn finite(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(list) => list.iter().all(finite),
        Value::Object(fields) => fields.values().all(finite),
        _ => true,
    }
}

/// An output, and the nanoseconds that each run took.
#[derive(Debug)]
pub(crate) struct Solved {
    pub(crate) output: Value,
    pub(crate) times: Vec<u64>,
}

/// Runs `f` as often and as long as the input asks, and passes the last result to `output`.
pub(crate) fn solve<R>(
    input: &Field,
    mut f: impl FnMut() -> R,
    output: impl FnOnce(R) -> Value,
) -> Result<Solved, String> {
    let runs = input.optional("min_runs").map_or(Ok(1), |runs| runs.count())?;
    let seconds = input.optional("min_seconds").map_or(Ok(0.0), |seconds| seconds.number())?;
    let (mut times, mut elapsed) = (Vec::new(), Duration::ZERO);
    loop {
        let start = Instant::now();
        let result = black_box(f());
        let time = start.elapsed();
        times.push(time.as_nanos() as u64);
        elapsed += time;
        if times.len() >= runs && elapsed.as_secs_f64() >= seconds {
            return Ok(Solved { output: output(result), times });
        }
    }
}

/// Splits x into the rows of a matrix.
pub(crate) fn rows(x: &[f64], columns: usize) -> Value {
    // `chunks` panics at 0; and a matrix without columns has no entries either.
    x.chunks(columns.max(1)).collect()
}

/// A part of the input, and the path to it.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    path: String,
    pub(crate) value: &'a Value,
}

impl<'a> Field<'a> {
    /// The whole input.
    pub(crate) fn root(value: &'a Value) -> Self {
        Self { path: "input".into(), value }
    }

    /// Returns the error that something else was expected here.
    pub(crate) fn expected<T>(&self, what: impl Display) -> Result<T, String> {
        let found = match self.value {
            Value::Null => "null".into(),
            Value::Array(list) => format!("a list of {}", list.len()),
            Value::Object(_) => "an object".into(),
            Value::String(text) => format!("{text:?}"),
            other => other.to_string(),
        };
        Err(format!("{}: {what} expected, found {found}", self.path))
    }

    pub(crate) fn get(&self, name: &str) -> Result<Self, String> {
        self.optional(name).map_or_else(|| Err(format!("{}: a field {name} expected", self.path)), Ok)
    }

    pub(crate) fn optional(&self, name: &str) -> Option<Self> {
        self.value.get(name).map(|value| Self { path: format!("{}.{name}", self.path), value })
    }

    pub(crate) fn number(&self) -> Result<f64, String> {
        self.value.as_f64().map_or_else(|| self.expected("a number"), Ok)
    }

    pub(crate) fn count(&self) -> Result<usize, String> {
        self.value.as_u64().map_or_else(|| self.expected("a whole number from 0 on"), |n| Ok(n as usize))
    }

    /// A whole number below `end`.
    pub(crate) fn index(&self, end: usize) -> Result<usize, String> {
        let index = self.count()?;
        if index < end { Ok(index) } else { self.expected(format_args!("an index below {end}")) }
    }

    /// A whole number from 1 on.
    pub(crate) fn positive(&self) -> Result<usize, String> {
        match self.count()? {
            0 => self.expected("a number from 1 on"),
            n => Ok(n),
        }
    }

    /// The elements of a list, each with its path.
    pub(crate) fn elements(&self) -> Result<impl ExactSizeIterator<Item = Self> + use<'a>, String> {
        let Some(list) = self.value.as_array() else { return self.expected("a list") };
        let path = self.path.clone();
        Ok(list.iter().enumerate().map(move |(i, value)| Self { path: format!("{path}[{i}]"), value }))
    }

    /// A list of numbers.
    pub(crate) fn vector(&self) -> Result<Vec<f64>, String> {
        let Some(list) = self.value.as_array() else { return self.expected("a list of numbers") };
        let mut wrong = list.iter().enumerate().filter(|(_, x)| !x.is_number());
        if let Some((i, value)) = wrong.next() {
            return Self { path: format!("{}[{i}]", self.path), value }.expected("a number");
        }
        Ok(list.iter().filter_map(Value::as_f64).collect())
    }

    /// A list of n numbers.
    pub(crate) fn vector_of(&self, n: usize) -> Result<Vec<f64>, String> {
        let x = self.vector()?;
        if x.len() == n { Ok(x) } else { self.expected(format_args!("a list of {n} numbers")) }
    }

    /// A list of N numbers as an array.
    pub(crate) fn array<const N: usize>(&self) -> Result<[f64; N], String> {
        Ok(self.vector_of(N)?.try_into().expect("N numbers"))
    }

    /// The entries of a matrix, row by row.
    pub(crate) fn matrix(&self, rows: usize, columns: usize) -> Result<Vec<f64>, String> {
        let elements = self.elements()?;
        if elements.len() != rows {
            return self.expected(format_args!("{rows} rows"));
        }
        let mut x = Vec::with_capacity(rows * columns);
        for row in elements {
            x.extend(row.vector_of(columns)?);
        }
        Ok(x)
    }

    /// The numbers of rows and of columns of a matrix.
    pub(crate) fn shape(&self) -> Result<[usize; 2], String> {
        let mut rows = self.elements()?;
        Ok([rows.len(), rows.next().map_or(Ok(0), |row| row.elements().map(|row| row.len()))?])
    }
}
