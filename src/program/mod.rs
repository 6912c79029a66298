//! Programs: what a function does, written down once and run for many points.
//!
//! [`record`] runs a function with numbers that write down each operation, [`Traced`]. The result is a [`Program`]: a
//! straight line of operations. Drivers may be called inside, in every mode and order, so a program may compute a gradient, a
//! Jacobian or a Hessian; the operations that only handle zeros are left out.
//!
//! ```
//! use nilpotent::{gradient, program, Error};
//!
//! let program = program::record(|x| gradient(|[a, b]| a * a * b, x), [3.0, 2.0])?;
//! let mut results = [0.0; 3];
//! program.run(&[5.0, 10.0], &mut results)?;
//! assert_eq!(results, [250.0, 100.0, 25.0]);
//! # Ok::<(), Error>(())
//! ```

mod straight;
mod print;
mod called;
mod opaque;
mod code;
mod link;
mod compile;
mod block;
#[cfg(target_arch = "x86_64")]
mod simd;
mod lanes;
mod call;
mod programs;
mod kernel;
mod words;
mod source;

pub use crate::number::parts::Opaque;
pub use crate::number::traced::Traced;
pub use block::Set;
pub use kernel::Kernel;
pub use lanes::Lane;
pub use opaque::opaque;
pub use programs::Report;
pub use straight::Program;
#[cfg(feature = "sparse")]
pub(crate) use {block::Block, call::Points, code::LANES, programs::Programs};

use crate::error::Error;
use crate::forward::point::Seeded;
use crate::real::Real;
use crate::returns::Output;

/// Records the function `f` at the point `x`.
///
/// ```
/// use nilpotent::{program, Error};
///
/// let relu = program::record(|[x]| if x > 0.0 { x } else { x * 0.0 }, [3.0])?;
/// let mut y = [0.0];
/// relu.run(&[5.0], &mut y)?;
/// assert_eq!(y, [5.0]);
/// // At -1 the function takes another course than at 3.
/// assert!(matches!(relu.run(&[-1.0], &mut y), Err(Error::Diverged { .. })));
/// assert_eq!(relu.guards().len(), 1);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::ValueLeft`] if `f` converts a number into a plain float, of which the program would know nothing;
/// [`Error::Diverged`] if `f` calls a program ([`Program::call`]) that is not right there.
///
/// # Panics
/// If `f` does, or returns a number of another recording.
pub fn record<P, T, Y>(f: impl FnOnce(P::Arg<'_, Traced<T>>) -> Y, x: P) -> Result<Program<T>, Error>
where
    P: Seeded<Traced<T>, T = T>,
    T: Real,
    Y: Output<Traced<T>>,
{
    straight::record(f, &x, |_, x| x)
}
