//! A sum over ranks.

use crate::blocks::{self, BLOCKS, Part, Subtrees};
use mpi::collective::SystemOperation;
use mpi::traits::{Communicator, CommunicatorCollectives};
use nilpotent::separable::Function;
use std::fmt;
use std::ops::Range;

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// This rank's own function has an error.
    Function(nilpotent::Error),
    /// So many other ranks have an error, which they report.
    Others(usize),
    /// There are more ranks than blocks.
    Ranks(usize),
    /// The variables of a block are not those of its function, or not below the number of all.
    Variables { block: usize, variables: Range<usize>, function: usize, all: usize },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(error) => error.fmt(f),
            Self::Others(count) => write!(f, "{count} other ranks have an error"),
            Self::Ranks(ranks) => write!(f, "expected at most {BLOCKS} ranks, but there are {ranks}"),
            Self::Variables { block, variables, function, all } => write!(
                f,
                "expected a range below {all} with the {function} variables of its function, but block {block} has \
                 {variables:?}"
            ),
        }
    }
}

impl std::error::Error for Error {}

/// The sum over all items of a function of the same variables, of which each rank holds a part.
///
/// All ranks call each method with the same arguments, and get the same results, bit for bit those of one rank. A call
/// sends one message by one `MPI_Allreduce`, of `roots · (variables + 1) + 1` floats, where `roots` is the number of ranks
/// if that is a power of 2, and at most `16 · ranks` else.
#[derive(Debug)]
pub struct Sum<'c, C> {
    communicator: &'c C,
    blocks: Vec<Block>,
    variables: usize,
    /// The subtrees of all ranks, and the first of this rank.
    roots: Vec<(usize, usize)>,
    first: usize,
}

/// The items of a block: their function, and which variables it takes.
#[derive(Debug)]
struct Block {
    number: usize,
    variables: Range<usize>,
    function: Function,
}

impl<'c, C: Communicator> Sum<'c, C> {
    /// Makes the functions of this rank's blocks from the ranges of their items.
    ///
    /// Each is a `separable::Function` with one row, the sum over these items, and it comes with the range of those
    /// variables that it takes.
    ///
    /// # Errors
    ///
    /// On all ranks, if there are more than 256, if a function has an error, or if a range is wrong.
    pub fn new(
        communicator: &'c C,
        items: usize,
        variables: usize,
        mut function: impl FnMut(Range<usize>) -> Result<(Range<usize>, Function), nilpotent::Error>,
    ) -> Result<Self, Error> {
        let (rank, ranks) = (communicator.rank() as usize, communicator.size() as usize);
        if ranks > BLOCKS {
            return Err(Error::Ranks(ranks));
        }
        let mut block = |number| {
            let (range, function) = function(blocks::items(number, items)).map_err(Error::Function)?;
            let sizes = [function.variables(), function.columns()];
            if range.end > variables || sizes != [range.len(); 2] {
                return Err(Error::Variables { block: number, variables: range, function: sizes[0], all: variables });
            }
            // A block without items is a sum of nothing.
            Ok(Block { number, variables: range, function: function.with_rows(1) })
        };
        let own = blocks::of_rank(rank, ranks).map(&mut block).collect();
        let blocks = agree(communicator, own)?;
        let shapes = (0..ranks).map(|rank| Subtrees::shape(rank, ranks));
        let first = shapes.clone().take(rank).map(|shape| shape.len()).sum();
        Ok(Self { communicator, blocks, variables, roots: shapes.flatten().collect(), first })
    }

    /// The number of variables.
    pub fn variables(&self) -> usize {
        self.variables
    }

    /// The bytes of a message.
    pub fn message_bytes(&self) -> usize {
        8 * (self.roots.len() * (self.variables + 1) + 1)
    }

    /// Returns the value at x, and writes the gradient, as `separable::Function::gradient_into` does.
    ///
    /// # Errors
    ///
    /// On all ranks, if a function of one has an error.
    ///
    /// # Panics
    ///
    /// If a slice does not have as many entries as there are variables.
    pub fn gradient_into(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        self.reduce(gradient, |block, part| block.function.gradient_into(&x[block.variables.clone()], part))
    }

    /// Writes the product of the Hessian at x with a direction.
    ///
    /// # Errors
    ///
    /// As [`Sum::gradient_into`].
    ///
    /// # Panics
    ///
    /// As [`Sum::gradient_into`].
    pub fn hvp_into(&self, x: &[f64], direction: &[f64], product: &mut [f64]) -> Result<(), Error> {
        self.reduce(product, |block, part| {
            let [x, direction] = [x, direction].map(|vector| &vector[block.variables.clone()]);
            block.function.hvp_into(x, &[1.0], direction, part)?;
            Ok(0.0)
        })?;
        Ok(())
    }

    /// Adds up the value and the vector of each block.
    fn reduce(
        &self,
        to: &mut [f64],
        mut call: impl FnMut(&Block, &mut [f64]) -> Result<f64, nilpotent::Error>,
    ) -> Result<f64, Error> {
        assert_eq!(to.len(), self.variables, "entries of the result, and variables");
        let mut own = Subtrees::default();
        let mut result = Ok(());
        for block in &self.blocks {
            let mut part = Part { value: 0.0, start: block.variables.start, entries: vec![0.0; block.variables.len()] };
            match call(block, &mut part.entries) {
                Ok(value) => part.value = value,
                Err(nilpotent::Error::NotFinite { index, value }) => {
                    result = Err(nilpotent::Error::NotFinite { index: index + block.variables.start, value });
                }
                Err(error) => result = Err(error),
            }
            own.push(block.number, 1, part);
        }
        // Where other ranks write their subtrees this rank has zeros, which change no bit but the sign of -0. The last float
        // counts the ranks with errors, so that none waits for a message of another that has ended.
        let size = to.len() + 1;
        let mut message = vec![0.0; self.roots.len() * size + 1];
        for (place, (_, _, part)) in message.chunks_exact_mut(size).skip(self.first).zip(own.roots()) {
            place[0] = part.value;
            place[1 + part.start..][..part.entries.len()].copy_from_slice(&part.entries);
        }
        let last = message.len() - 1;
        message[last] = f64::from(u8::from(result.is_err()));
        let mut all = vec![0.0; message.len()];
        self.communicator.all_reduce_into(&message[..], &mut all[..], SystemOperation::sum());
        result.map_err(Error::Function)?;
        if all[last] > 0.0 {
            return Err(Error::Others(all[last] as usize));
        }
        let mut whole = Subtrees::default();
        for (&(start, size), sum) in self.roots.iter().zip(all.chunks_exact(size)) {
            whole.push(start, size, Part { value: sum[0], start: 0, entries: sum[1..].to_vec() });
        }
        let (_, _, sum) = &whole.roots()[0];
        // On one rank -0 becomes 0 as well.
        to.iter_mut().zip(&sum.entries).for_each(|(to, y)| *to = y + 0.0);
        Ok(sum.value + 0.0)
    }
}

/// Returns the own result, or the error that another rank has one.
fn agree<C: Communicator, R>(communicator: &C, own: Result<R, Error>) -> Result<R, Error> {
    let mut failed = 0_u64;
    communicator.all_reduce_into(&u64::from(own.is_err()), &mut failed, SystemOperation::sum());
    match own {
        Ok(_) if failed > 0 => Err(Error::Others(failed as usize)),
        own => own,
    }
}
