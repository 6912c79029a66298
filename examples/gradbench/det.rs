//! The determinant by minors along the first row, in O(ℓ!).

use super::protocol::{Field, Functions, solve};
use nilpotent::{Real, Var, reverse};

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

/// `Σⱼ (-1)ʲ·a₀ⱼ·Dⱼ`, where Dⱼ is the minor without the first row and column j.
pub(crate) fn primal(a: &[f64], n: usize) -> f64 {
    below(1, entry, a, 0, &mut all(n))
}

/// A linked list of the remaining columns: each entry is the column after it, and the last entry is the first column.
fn all(n: usize) -> Vec<usize> {
    (1..=n).chain([0]).collect()
}

/// The determinant of the rows from `row` on, in the remaining columns. `last` computes that of the `few` last rows.
fn below<T: Real>(few: usize, last: impl Fn(&[T], &[usize]) -> T + Copy, a: &[T], row: usize, next: &mut [usize]) -> T {
    let n = next.len() - 1;
    if row + few == n {
        return last(a, next);
    }
    let (mut before, mut column) = (n, next[n]);
    let (mut sum, mut even) = (T::zero(), true);
    while column < n {
        next[before] = next[column];
        let term = a[row * n + column] * below(few, last, a, row + 1, next);
        next[before] = column;
        sum += if even { term } else { -term };
        (before, column, even) = (column, next[column], !even);
    }
    sum
}

/// The determinant of the last row, in the one remaining column.
fn entry<T: Real>(a: &[T], next: &[usize]) -> T {
    let n = next.len() - 1;
    a[(n - 1) * n + next[n]]
}

/// The determinant of the last three rows, in the three remaining columns. It is differentiated by forward mode, and
/// recorded as one node of nine operands.
fn block(a: &[Var], next: &[usize]) -> Var {
    let n = next.len() - 1;
    let (i, j, k) = (next[n], next[next[n]], next[next[next[n]]]);
    let row = |r: usize| [a[(n - r) * n + i], a[(n - r) * n + j], a[(n - r) * n + k]];
    let ([a, b, c], [d, e, f], [g, h, i]) = (row(3), row(2), row(1));
    reverse::preaccumulate([a, b, c, d, e, f, g, h, i], |[a, b, c, d, e, f, g, h, i]| {
        a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    })
}

/// The gradient. The rows before the last three are recorded as the function computes them.
pub(crate) fn gradient(a: &[f64], n: usize) -> Vec<f64> {
    let columns = &mut all(n);
    reverse::gradient(|a: &[_]| if n < 3 { below(1, entry, a, 0, columns) } else { below(3, block, a, 0, columns) }, a)
        .1
}
