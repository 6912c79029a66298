//! Where the results of elements go: patterns, and the position of each result in the values.

use super::term::Term;
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

/// The columns of the elements of a term, one element's after another's, and how many each has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns<'a> {
    pub(super) of: &'a [u32],
    pub(super) count: usize,
}

impl<'a> Columns<'a> {
    /// Those of element k.
    #[inline]
    pub(super) fn element(&self, k: usize) -> &'a [u32] {
        &self.of[k * self.count..][..self.count]
    }
}

impl Places {
    /// The pattern with the entries that `entry` returns for each result of each element, with a mark for its position, and
    /// with others.
    fn new<'t, I: Iterator<Item = (usize, usize, u32)>>(
        [rows, columns]: [usize; 2],
        terms: &'t [(&'t Term, Columns<'t>)],
        entries: impl Fn(&'t Term, Columns<'t>, usize) -> I,
        others: impl Iterator<Item = [usize; 2]> + Clone,
    ) -> Self {
        let all = |&(term, columns): &'t (&'t Term, Columns<'t>)| {
            let entries = &entries;
            (0..term.part.shape()[0]).flat_map(move |k| entries(term, columns, k))
        };
        let places = || terms.iter().flat_map(all).map(|(i, j, _)| (i, j)).chain(others.clone().map(|[i, j]| (i, j)));
        let pattern = Pattern::from_listed(rows, columns, places);
        assert!(pattern.len() < TWICE as usize, "{} entries, of which there may be less than 2³¹", pattern.len());
        let place = |(i, j, mark)| pattern.position(i, j).expect("all entries are in the pattern") as u32 | mark;
        let of = terms.iter().map(|term| {
            let mut places: Vec<_> = all(term).map(place).collect();
            places.shrink_to_fit();
            places
        });
        let of = of.collect();
        Self { pattern: Arc::new(pattern), of }
    }

    /// Those of the Jacobian.
    pub(super) fn of_jacobian<'t>(sizes: [usize; 2], terms: &'t [(&'t Term, Columns<'t>)]) -> Self {
        let entries = |term: &'t Term, columns: Columns<'t>, k: usize| {
            let entry = move |row| columns.element(k).iter().map(move |&j| (row, j as usize, 0));
            (0..term.part.shape()[2]).flat_map(move |m| entry(term.row(k, m)))
        };
        Self::new(sizes, terms, entries, core::iter::empty())
    }

    /// Those of the lower triangle of a matrix with an entry for each two columns of an element, and with others.
    pub(super) fn of_hessian<'t>(
        columns: usize,
        terms: &'t [(&'t Term, Columns<'t>)],
        others: impl Iterator<Item = [usize; 2]> + Clone,
    ) -> Self {
        let entries = |_: &Term, columns: Columns<'t>, k: usize| {
            let columns = columns.element(k);
            let entry = move |a: usize, b: usize| {
                let [i, j] = [columns[a], columns[b]].map(|i| i as usize);
                (i.max(j), i.min(j), if a != b && i == j { TWICE } else { 0 })
            };
            (0..columns.len()).flat_map(move |a| (0..=a).map(move |b| entry(a, b)))
        };
        Self::new([columns; 2], terms, entries, others)
    }
}
