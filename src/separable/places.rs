//! Where the results of elements go: patterns, and the position of each result in the values.

use super::term::Term;
use crate::error::Error;
use crate::sparse::Pattern;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A pattern, and for each term the positions of its results, one element's after another's.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) pattern: Arc<Pattern>,
    pub(super) of: Vec<Vec<u32>>,
}

/// Marks a second partial in two variables of an element that are the same one, so that it counts twice.
pub(super) const TWICE: u32 = 1 << 31;

impl Places {
    /// The pattern with the entries that `entry` returns for each result of each element, with a mark for its position.
    fn new<'t, I: Iterator<Item = (usize, usize, u32)>>(
        [rows, columns]: [usize; 2],
        terms: &'t [Term],
        entries: impl Fn(&'t Term, usize) -> I,
    ) -> Result<Self, Error> {
        let elements = |term: &'t Term| 0..term.part.shape()[0];
        let all = terms.iter().flat_map(|term| elements(term).flat_map(|k| entries(term, k)));
        let pattern = Pattern::new(rows, columns, all.map(|(i, j, _)| (i, j)))?;
        assert!(pattern.len() < TWICE as usize, "{} entries, of which there may be less than 2³¹", pattern.len());
        let place = |(i, j, mark)| pattern.position(i, j).expect("all entries are in the pattern") as u32 | mark;
        let of = terms.iter().map(|term| elements(term).flat_map(|k| entries(term, k)).map(place).collect()).collect();
        Ok(Self { pattern: Arc::new(pattern), of })
    }

    /// Those of the Jacobian.
    pub(super) fn of_jacobian(rows: usize, columns: usize, terms: &[Term]) -> Result<Self, Error> {
        Self::new([rows, columns], terms, |term, k| {
            let outputs = 0..term.part.shape()[2];
            let (row, variables) = (move |m| term.row(k, m), term.variables(k));
            outputs.flat_map(move |m| variables.iter().map(move |&j| (row(m), j as usize, 0)))
        })
    }

    /// Those of the lower triangle of a matrix with an entry for each two variables of an element.
    pub(super) fn of_hessian(columns: usize, terms: &[Term]) -> Result<Self, Error> {
        Self::new([columns; 2], terms, |term, k| {
            let variables = term.variables(k);
            (0..variables.len()).flat_map(move |a| {
                (0..=a).map(move |b| {
                    let [i, j] = [variables[a], variables[b]].map(|i| i as usize);
                    (i.max(j), i.min(j), if a != b && i == j { TWICE } else { 0 })
                })
            })
        })
    }
}
