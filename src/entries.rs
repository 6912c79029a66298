//! The caller's memory, into which the drivers `…_into` write.

use crate::real::Real;
use alloc::vec::Vec;

/// Memory of the caller for a vector or a matrix, into which the drivers `…_into` write.
///
/// | memory | holds |
/// |---|---|
/// | `[T]`, `[T; N]`, `Vec<T>` | a vector, or a matrix row by row |
/// | `[[T; N]]`, `[[T; N]; M]`, `Vec<[T; N]>` | a matrix of N columns |
/// | every matrix, vector and mutable view of nalgebra | a matrix; a vector if it has one column or one row |
///
/// ```
/// # #[cfg(feature = "nalgebra")] {
/// use nalgebra::{DMatrix, dmatrix};
/// use nilpotent::gradient_into;
///
/// // A gradient as a matrix row of a larger matrix.
/// let mut j = DMatrix::zeros(2, 2);
/// let y = gradient_into(|[a, b]| a * b * b, [2.0, 3.0], &mut j.row_mut(1));
/// assert_eq!((y, j), (18.0, dmatrix![0.0, 0.0; 9.0, 12.0]));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a driver cannot write numbers `{T}` into `{Self}`",
    note = "it writes into `[T]`, `[T; N]`, `Vec<T>`, `[[T; N]]`, `[[T; N]; M]`, `Vec<[T; N]>`, and matrices, vectors and mutable views of nalgebra"
)]
pub trait Entries<T> {
    /// Whether any matrix of as many entries fits, row by row.
    const FLAT: bool;

    /// Returns the numbers of rows and of columns; `[len, 1]` if it is flat.
    fn dims(&self) -> [usize; 2];

    /// Sets the entry `(i, j)` of a matrix that has this number of columns.
    fn set(&mut self, i: usize, j: usize, columns: usize, x: T);
}

macro_rules! slices {
    ($([$($params:tt)*] $Flat:ty, $Rows:ty;)*) => { $(
        impl<T, $($params)*> Entries<T> for $Flat {
            const FLAT: bool = true;

            #[inline]
            fn dims(&self) -> [usize; 2] {
                [self.len(), 1]
            }

            #[inline]
            fn set(&mut self, i: usize, j: usize, columns: usize, x: T) {
                self[i * columns + j] = x;
            }
        }

        impl<T, $($params)* const C: usize> Entries<T> for $Rows {
            const FLAT: bool = false;

            #[inline]
            fn dims(&self) -> [usize; 2] {
                [self.len(), C]
            }

            #[inline]
            fn set(&mut self, i: usize, j: usize, _: usize, x: T) {
                self[i][j] = x;
            }
        }
    )* };
}

slices! {
    [] [T], [[T; C]];
    [] Vec<T>, Vec<[T; C]>;
    [const N: usize,] [T; N], [[T; C]; N];
}

#[cfg(feature = "nalgebra")]
impl<T, R, C, S> Entries<T> for nalgebra::Matrix<T, R, C, S>
where
    R: nalgebra::Dim,
    C: nalgebra::Dim,
    S: nalgebra::RawStorageMut<T, R, C>,
{
    const FLAT: bool = false;

    #[inline]
    fn dims(&self) -> [usize; 2] {
        [self.nrows(), self.ncols()]
    }

    #[inline]
    fn set(&mut self, i: usize, j: usize, _: usize, x: T) {
        self[(i, j)] = x;
    }
}

/// Memory of the right size. A vector is a matrix of one row here.
pub(crate) struct Destination<'d, E: ?Sized> {
    entries: &'d mut E,
    columns: usize,
    /// Whether the memory of a vector is a column.
    column: bool,
}

impl<'d, E: ?Sized> Destination<'d, E> {
    /// Memory for a vector of `n` entries. `what` it is stands in the panic message.
    #[inline]
    pub(crate) fn vector<T>(entries: &'d mut E, n: usize, what: &str) -> Self
    where
        E: Entries<T>,
    {
        let dims = entries.dims();
        if dims != [n, 1] && (dims != [1, n] || E::FLAT) {
            wrong_vector(what, n, dims);
        }
        Self { entries, columns: n, column: dims == [n, 1] && !E::FLAT }
    }

    /// Memory for the values of all outputs, with their number.
    #[inline]
    pub(crate) fn outputs<T>(entries: &'d mut E) -> (Self, usize)
    where
        E: Entries<T>,
    {
        let [rows, columns] = entries.dims();
        let m = rows * columns;
        (Self::vector(entries, m, "value"), m)
    }

    /// Memory for a matrix of these rows and columns.
    #[inline]
    pub(crate) fn matrix<T>(entries: &'d mut E, rows: usize, columns: usize, what: &str) -> Self
    where
        E: Entries<T>,
    {
        let dims = entries.dims();
        if if E::FLAT { dims[0] != rows * columns } else { dims != [rows, columns] } {
            wrong_matrix(what, [rows, columns], dims, E::FLAT);
        }
        Self { entries, columns, column: false }
    }

    /// Sets the entry `(i, j)`.
    #[inline]
    pub(crate) fn set<T: Real>(&mut self, i: usize, j: usize, x: T)
    where
        E: Entries<T>,
    {
        let x = x.grounded();
        if self.column {
            self.entries.set(j, 0, 1, x);
        } else {
            self.entries.set(i, j, self.columns, x);
        }
    }

    /// Sets the entries of row `i` from column `start` on. Those behind the last column are dropped.
    #[inline]
    pub(crate) fn store<T: Real>(&mut self, i: usize, start: usize, entries: &[T])
    where
        E: Entries<T>,
    {
        (start..self.columns).zip(entries).for_each(|(j, &x)| self.set(i, j, x));
    }
}

#[cold]
#[track_caller]
fn wrong_vector(what: &str, n: usize, [rows, columns]: [usize; 2]) -> ! {
    if columns == 1 {
        panic!("the {what} has {n} entries, and there is room for {rows}");
    }
    panic!("the {what} has {n} entries, and there is room for a matrix of {rows}×{columns}");
}

#[cold]
#[track_caller]
fn wrong_matrix(what: &str, [m, n]: [usize; 2], [rows, columns]: [usize; 2], flat: bool) -> ! {
    if flat {
        panic!("the {what} has {m}×{n} entries, and there is room for {rows}");
    }
    panic!("the {what} has {m}×{n} entries, and there is room for {rows}×{columns}");
}

/// Panics if a function has not as many outputs as there is room for.
#[inline]
#[track_caller]
pub(crate) fn check_outputs(outputs: usize, room: usize) {
    assert!(outputs == room, "the function returned {outputs} values, and there is room for {room}");
}
