//! `Pattern`: the places of the entries of a sparse matrix, in compressed rows.

use crate::error::{Error, length};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

/// The places of the entries of a sparse matrix: all others are always 0.
///
/// They are kept in compressed rows. The columns of matrix row i are `indices[starts[i]..starts[i + 1]]`, in ascending
/// order. The position of an entry in `indices` is also the position of its value in the values of a
/// [`Matrix`](super::Matrix).
///
/// ```
/// use nilpotent::sparse::Pattern;
/// use nilpotent::Error;
///
/// let pattern = Pattern::new(2, 3, [(1, 2), (0, 1), (1, 0)])?;
/// assert_eq!(pattern.row(1), [0, 2]);
/// assert_eq!((pattern.starts(), pattern.indices()), (&[0, 1, 3][..], &[1, 0, 2][..]));
/// assert_eq!(pattern.to_string(), "· • ·\n• · •\n");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    columns: usize,
    starts: Vec<usize>,
    indices: Vec<usize>,
}

impl Pattern {
    /// Makes a pattern from entries (row, column) in any order. An entry that is given twice counts once.
    ///
    /// ```
    /// use nilpotent::sparse::Pattern;
    /// use nilpotent::Error;
    ///
    /// let pattern = Pattern::new(2, 2, [(1, 0), (0, 0), (1, 0)])?;
    /// assert_eq!((pattern.rows(), pattern.columns(), pattern.len()), (2, 2, 2));
    /// let error = Pattern::new(2, 2, [(0, 0), (2, 1)]).unwrap_err();
    /// assert_eq!(error.to_string(), "entry 1 of the pattern has the row 2, which is not below 2");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::IndexOutside`] for the first entry outside of the matrix.
    pub fn new(rows: usize, columns: usize, entries: impl IntoIterator<Item = (usize, usize)>) -> Result<Self, Error> {
        let mut sorted = Vec::new();
        for (entry, (row, column)) in entries.into_iter().enumerate() {
            inside("row", entry, row, rows)?;
            inside("column", entry, column, columns)?;
            sorted.push((row, column));
        }
        sorted.sort_unstable();
        sorted.dedup();
        let mut starts = vec![0; rows + 1];
        for &(row, _) in &sorted {
            starts[row + 1] += 1;
        }
        accumulate(&mut starts);
        Ok(Self { columns, starts, indices: sorted.into_iter().map(|(_, column)| column).collect() })
    }

    /// As [`new`](Self::new), from entries inside of the matrix that can be listed twice. They are counted first, and then put
    /// into their matrix rows, which takes a quarter of the memory of sorting all of them, and less time.
    pub(crate) fn from_listed<I: Iterator<Item = (usize, usize)>>(
        rows: usize,
        columns: usize,
        entries: impl Fn() -> I,
    ) -> Self {
        assert!(u32::try_from(columns).is_ok(), "{columns} columns, of which there may be less than 2³²");
        let mut starts = vec![0; rows + 1];
        entries().for_each(|(row, _)| starts[row + 1] += 1);
        accumulate(&mut starts);
        let (mut next, mut all) = (starts.clone(), vec![0_u32; starts[rows]]);
        entries().for_each(|(row, column)| {
            all[next[row]] = column as u32;
            next[row] += 1;
        });
        // Entries that are there twice are left out, and the others move up.
        let mut len = 0;
        for row in 0..rows {
            let range = core::mem::replace(&mut starts[row], len)..starts[row + 1];
            all[range.clone()].sort_unstable();
            for k in range {
                if len == starts[row] || all[len - 1] != all[k] {
                    all[len] = all[k];
                    len += 1;
                }
            }
        }
        starts[rows] = len;
        Self { columns, starts, indices: all[..len].iter().map(|&column| column as usize).collect() }
    }

    /// Makes a pattern from its compressed rows, as other crates have them.
    ///
    /// ```
    /// use nilpotent::sparse::Pattern;
    ///
    /// let pattern = Pattern::from_compressed(2, 3, vec![0, 1, 3], vec![1, 0, 2]);
    /// assert_eq!(pattern, Pattern::new(2, 3, [(0, 1), (1, 0), (1, 2)]));
    /// let error = Pattern::from_compressed(2, 3, vec![0, 1, 3], vec![1, 2, 0]).unwrap_err();
    /// assert_eq!(error.to_string(), "matrix row 1: column 0 follows column 2, and columns must ascend");
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongLength`] if there are not `rows + 1` starts, or not as many indices as the last start says;
    /// [`Error::WrongStart`] if the starts do not begin with 0, or descend; [`Error::IndexOutside`] and [`Error::NotAscending`] for the first wrong index.
    pub fn from_compressed(
        rows: usize,
        columns: usize,
        starts: Vec<usize>,
        indices: Vec<usize>,
    ) -> Result<Self, Error> {
        length("starts of matrix rows", rows + 1, starts.len())?;
        let all = indices.len();
        for (row, &found) in starts.iter().enumerate() {
            let (least, most) = row.checked_sub(1).map_or((0, 0), |before| (starts[before], all));
            if !(least..=most).contains(&found) {
                return Err(Error::WrongStart { row, least, most, found });
            }
        }
        length("indices", starts[rows], all)?;
        let pattern = Self { columns, starts, indices };
        for row in 0..rows {
            for (position, &column) in pattern.range(row).zip(pattern.row(row)) {
                inside("column", position, column, columns)?;
            }
            if let Some(pair) = pattern.row(row).windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(Error::NotAscending { row, before: pair[0], found: pair[1] });
            }
        }
        Ok(pattern)
    }

    /// Makes a pattern from the columns of each matrix row, in any order: also from
    /// [`Program::pattern`](crate::program::Program::pattern).
    ///
    /// ```
    /// use nilpotent::{program, sparse::Pattern, Error};
    ///
    /// let program = program::record(|[a, b, c]| [a * c, b], [1.0, 2.0, 3.0])?;
    /// let pattern = Pattern::from_rows(3, &program.pattern())?;
    /// assert_eq!(pattern.to_string(), "• · •\n· • ·\n");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::IndexOutside`] for the first entry outside of the matrix.
    pub fn from_rows<R: AsRef<[usize]>>(columns: usize, rows: &[R]) -> Result<Self, Error> {
        let entries = rows.iter().enumerate();
        Self::new(rows.len(), columns, entries.flat_map(|(i, row)| row.as_ref().iter().map(move |&j| (i, j))))
    }

    /// Returns the pattern in which each place has an entry.
    pub fn full(rows: usize, columns: usize) -> Self {
        let indices = (0..rows).flat_map(|_| 0..columns).collect();
        Self { columns, starts: (0..=rows).map(|row| row * columns).collect(), indices }
    }

    /// Returns the square pattern with entries at (i, i).
    pub fn diagonal(rows: usize) -> Self {
        Self { columns: rows, starts: (0..=rows).collect(), indices: (0..rows).collect() }
    }

    /// The number of matrix rows.
    #[inline]
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of columns.
    #[inline]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether there is no entry.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// The position at which each matrix row starts, and at the end the number of entries.
    #[inline]
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The columns of all entries, row after row.
    #[inline]
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// The columns of the entries of matrix row i, in ascending order.
    ///
    /// # Panics
    /// If there is no such matrix row.
    #[inline]
    pub fn row(&self, i: usize) -> &[usize] {
        &self.indices[self.range(i)]
    }

    /// The positions of the entries of matrix row i.
    ///
    /// # Panics
    /// If there is no such matrix row.
    #[inline]
    pub fn range(&self, i: usize) -> Range<usize> {
        self.starts[i]..self.starts[i + 1]
    }

    /// All entries (row, column), in the order of their positions.
    pub fn entries(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.rows()).flat_map(|i| self.row(i).iter().map(move |&j| (i, j)))
    }

    /// The position of the entry (i, j), or `None` if there is none. It is found by bisection.
    ///
    /// ```
    /// use nilpotent::sparse::Pattern;
    ///
    /// let pattern = Pattern::diagonal(3);
    /// assert_eq!((pattern.position(2, 2), pattern.position(2, 0)), (Some(2), None));
    /// ```
    ///
    /// # Panics
    /// If there is no matrix row i.
    #[inline]
    pub fn position(&self, i: usize, j: usize) -> Option<usize> {
        self.row(i).binary_search(&j).ok().map(|k| self.starts[i] + k)
    }

    /// Returns the pattern of the transposed matrix, and for each position in it the position in this pattern.
    ///
    /// So its rows are the compressed columns of this pattern.
    ///
    /// ```
    /// use nilpotent::sparse::Pattern;
    /// use nilpotent::Error;
    ///
    /// let (transposed, positions) = Pattern::new(2, 2, [(0, 0), (0, 1), (1, 0)])?.transposed();
    /// assert_eq!(transposed.entries().collect::<Vec<_>>(), [(0, 0), (0, 1), (1, 0)]);
    /// assert_eq!(positions, [0, 2, 1]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn transposed(&self) -> (Self, Vec<usize>) {
        let mut starts = vec![0; self.columns + 1];
        for &column in &self.indices {
            starts[column + 1] += 1;
        }
        accumulate(&mut starts);
        let (mut indices, mut positions, mut next) = (vec![0; self.len()], vec![0; self.len()], starts.clone());
        for (position, (row, column)) in self.entries().enumerate() {
            let place = next[column];
            (indices[place], positions[place]) = (row, position);
            next[column] += 1;
        }
        (Self { columns: self.rows(), starts, indices }, positions)
    }

    /// Returns the lower triangle with the diagonal: the entries (i, j) with i ≥ j.
    #[must_use]
    pub fn lower(&self) -> Self {
        let mut starts = vec![0];
        let mut indices = Vec::new();
        for i in 0..self.rows() {
            indices.extend(self.row(i).iter().take_while(|&&j| j <= i));
            starts.push(indices.len());
        }
        Self { columns: self.columns, starts, indices }
    }

    /// Returns the pattern with the entry (j, i) for each entry (i, j): of a triangle, the whole symmetric matrix.
    ///
    /// ```
    /// use nilpotent::sparse::Pattern;
    /// use nilpotent::Error;
    ///
    /// let symmetric = Pattern::new(2, 2, [(1, 0)])?.symmetric()?;
    /// assert_eq!(symmetric.to_string(), "· •\n• ·\n");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongLength`] if the matrix is not square.
    pub fn symmetric(&self) -> Result<Self, Error> {
        length("columns of a symmetric matrix", self.rows(), self.columns)?;
        let transposed = self.transposed().0;
        if *self == transposed {
            return Ok(transposed);
        }
        Self::new(self.rows(), self.columns, self.entries().flat_map(|(i, j)| [(i, j), (j, i)]))
    }

    /// Whether the matrix is square, and has the entry (j, i) for each entry (i, j).
    pub fn is_symmetric(&self) -> bool {
        *self == self.transposed().0
    }
}

/// Checks an index of an entry.
fn inside(what: &'static str, entry: usize, index: usize, bound: usize) -> Result<(), Error> {
    if index < bound { Ok(()) } else { Err(Error::IndexOutside { what, entry, index, bound }) }
}

/// Turns the number of entries of each matrix row, behind a 0, into the starts of the matrix rows.
fn accumulate(counts: &mut [usize]) {
    let mut sum = 0;
    counts.iter_mut().for_each(|count| {
        sum += *count;
        *count = sum;
    });
}

/// One line for each matrix row, with `•` for an entry and `·` for none. Of a matrix with more than 64 rows or columns only
/// the sizes are printed.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows().max(self.columns) > 64 {
            return write!(f, "{} × {}, {} entries", self.rows(), self.columns, self.len());
        }
        for i in 0..self.rows() {
            let mut entries = self.row(i).iter().peekable();
            for j in 0..self.columns {
                let mark = if entries.next_if_eq(&&j).is_some() { "•" } else { "·" };
                write!(f, "{}{mark}", if j > 0 { " " } else { "" })?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
