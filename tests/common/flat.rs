//! The entries of gradients and Hessians as one list.

use nalgebra::{DefaultAllocator, Dim, OMatrix, allocator::Allocator};

/// The entries of a gradient or a Hessian, row by row.
pub trait Flat {
    fn flat(&self) -> Vec<f64>;
}

impl<const N: usize> Flat for [f64; N] {
    fn flat(&self) -> Vec<f64> {
        self.to_vec()
    }
}

impl<const N: usize> Flat for [[f64; N]; N] {
    fn flat(&self) -> Vec<f64> {
        self.as_flattened().to_vec()
    }
}

impl Flat for Vec<f64> {
    fn flat(&self) -> Vec<f64> {
        self.clone()
    }
}

impl Flat for Vec<Vec<f64>> {
    fn flat(&self) -> Vec<f64> {
        self.concat()
    }
}

impl<R: Dim, C: Dim> Flat for OMatrix<f64, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    fn flat(&self) -> Vec<f64> {
        self.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()).collect()
    }
}
