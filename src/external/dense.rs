//! Products with a Jacobian that is given as a whole.

use alloc::boxed::Box;
use alloc::vec;
#[cfg(feature = "std")]
use {alloc::vec::Vec, std::sync::Mutex};

/// Fills a matrix row by row, at a point.
type Fill = Box<dyn Fn(&[f64], &mut [f64]) -> Result<(), &'static str> + Send + Sync>;

/// A function's Jacobian. The last matrix is kept, since a number with several partials and a sweep with several weights ask for
/// the products at one point.
pub(super) struct Dense {
    fill: Fill,
    entries: usize,
    /// The point and the matrix there. Without `std` there is no lock, and nothing is kept.
    #[cfg(feature = "std")]
    last: Mutex<(Vec<f64>, Vec<f64>)>,
}

impl Dense {
    pub(super) fn new(entries: usize, fill: Fill) -> Self {
        Self {
            fill,
            entries,
            #[cfg(feature = "std")]
            last: Mutex::default(),
        }
    }

    /// Calls `read` with the matrix at x.
    fn at(&self, x: &[f64], read: impl FnOnce(&[f64])) -> Result<(), &'static str> {
        #[cfg(feature = "std")]
        if let Ok(last) = self.last.try_lock()
            && !last.1.is_empty()
            && last.0.iter().map(|a| a.to_bits()).eq(x.iter().map(|a| a.to_bits()))
        {
            read(&last.1);
            return Ok(());
        }
        let mut matrix = vec![f64::NAN; self.entries];
        (self.fill)(x, &mut matrix)?;
        read(&matrix);
        #[cfg(feature = "std")]
        if let Ok(mut last) = self.last.try_lock() {
            *last = (x.to_vec(), matrix);
        }
        Ok(())
    }

    /// `J·v`
    pub(super) fn along(&self, x: &[f64], v: &[f64], y: &mut [f64]) -> Result<(), &'static str> {
        self.at(x, |matrix| {
            let rows = matrix.chunks(x.len().max(1));
            y.iter_mut().zip(rows).for_each(|(y, row)| *y = product(row, v));
        })
    }

    /// `wᵀJ`
    pub(super) fn back(&self, x: &[f64], w: &[f64], y: &mut [f64]) -> Result<(), &'static str> {
        self.at(x, |matrix| {
            y.fill(0.0);
            for (row, &w) in matrix.chunks(x.len().max(1)).zip(w).filter(|(_, w)| **w != 0.0) {
                y.iter_mut().zip(row).for_each(|(y, &a)| *y += w * a);
            }
        })
    }
}

/// `aᵀv`, where a zero of v stays zero.
pub(super) fn product(a: &[f64], v: &[f64]) -> f64 {
    a.iter().zip(v).filter(|(_, v)| **v != 0.0).map(|(a, v)| a * v).fold(0.0, |sum, term| sum + term)
}
