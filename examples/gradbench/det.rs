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
    (0..n).map(|j| term(a, n, j)).sum()
}

/// One of these terms.
fn term<T: Real>(a: &[T], n: usize, j: usize) -> T {
    if n == 1 {
        return a[0];
    }
    // The columns that are left: the one after each, and the first of all after the last.
    let mut next: Vec<_> = (1..=n).chain([0]).collect();
    next[if j == 0 { n } else { j - 1 }] = j + 1;
    let minor = below(a, n, 1, &mut next);
    a[j] * if j.is_multiple_of(2) { minor } else { -minor }
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
        sum = if even { sum + term } else { sum - term };
        (before, column, even) = (column, next[column], !even);
    }
    sum
}

/// The sum of those of the terms, each in a recording of its own.
pub(crate) fn gradient(a: &[f64], n: usize) -> Vec<f64> {
    let mut gradient = vec![0.0; a.len()];
    for j in 0..n {
        let (_, part) = reverse::gradient(|a: &[_]| term(a, n, j), a);
        gradient.iter_mut().zip(part).for_each(|(g, d)| *g += d);
    }
    gradient
}
