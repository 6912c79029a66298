//! The determinant by minors along the first row, in O(ℓ!).

use super::protocol::{Field, Functions, solve};
use nilpotent::{Real, reverse};

pub(crate) const FUNCTIONS: Functions = &[
    ("primal", |field| {
        let (a, n) = read(field)?;
        solve(field, || primal(&a, n), Into::into)
    }),
    ("gradient", |field| {
        let (a, n) = read(field)?;
        solve(field, || gradient(&a, n), Into::into)
    }),
];

fn read(field: &Field) -> Result<(Vec<f64>, usize), String> {
    let n = field.get("ell")?.positive()?;
    Ok((field.get("A")?.vector_of(n * n)?, n))
}

/// `Σⱼ (-1)ʲ·a₀ⱼ·Dⱼ`, D the minors without the first row and a column each.
pub(crate) fn primal(a: &[f64], n: usize) -> f64 {
    below(a, n, 0, &mut all(n))
}

/// The columns that are left: the one after each, and the first of all after the last.
fn all(n: usize) -> Vec<usize> {
    (1..=n).chain([0]).collect()
}

/// The terms with these entries of the first rows: their product, with its sign, times the minor without them.
fn term<T: Real>(a: &[T], n: usize, columns: &[usize]) -> T {
    let mut next = all(n);
    let mut product = T::one();
    for (row, &column) in columns.iter().enumerate() {
        let (mut before, mut even) = (n, true);
        while next[before] != column {
            (before, even) = (next[before], !even);
        }
        next[before] = next[column];
        product *= if even { a[row * n + column] } else { -a[row * n + column] };
    }
    if columns.len() == n { product } else { product * below(a, n, columns.len(), &mut next) }
}

/// The determinant of the rows from this one on, and the columns that are left.
fn below<T: Real>(a: &[T], n: usize, row: usize, next: &mut [usize]) -> T {
    let (mut before, mut column) = (n, next[n]);
    if row == n - 1 {
        return a[row * n + column];
    }
    let (mut sum, mut even) = (T::zero(), true);
    while column < n {
        next[before] = next[column];
        let term = a[row * n + column] * below(a, n, row + 1, next);
        next[before] = column;
        sum += if even { term } else { -term };
        (before, column, even) = (column, next[column], !even);
    }
    sum
}

/// The sum of those of the terms by entries of the first two rows, each in a recording of its own, small enough for a cache.
pub(crate) fn gradient(a: &[f64], n: usize) -> Vec<f64> {
    let mut gradient = vec![0.0; a.len()];
    let pairs = (0..n).flat_map(|j| (0..n).filter(move |&k| k != j).map(move |k| vec![j, k]));
    for columns in if n == 1 { vec![vec![0]] } else { pairs.collect() } {
        let (_, part) = reverse::gradient(|a: &[_]| term(a, n, &columns), a);
        gradient.iter_mut().zip(part).for_each(|(g, d)| *g += d);
    }
    gradient
}
