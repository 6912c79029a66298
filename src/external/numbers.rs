//! Functions from outside at numbers of forward mode, level by level: the value is the function's at the values, and each
//! derivative is a product of the next derivative.

use super::function::{Call, Function, Passable};
use super::op::{Op, terms};
use crate::error::Error;
use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::number::hyper::HyperDual;
use crate::number::taylor::Taylor;
#[cfg(feature = "program")]
use crate::number::traced::Traced;
use crate::real::Real;
use crate::traits::confusion::carry;
use alloc::vec::Vec;

/// One part of each number of the arguments.
struct Parts<T>(Vec<Vec<T>>);

impl<T: Real> Parts<T> {
    fn new<D>(args: &[&[D]], part: impl Fn(&D) -> T) -> Self {
        Self(args.iter().map(|arg| arg.iter().map(&part).collect()).collect())
    }

    fn slices(&self) -> Vec<&[T]> {
        self.0.iter().map(Vec::as_slice).collect()
    }

    /// The derivatives of each argument, if it has any.
    fn slopes(&self) -> Vec<Option<&[T]>> {
        let variable = |arg: &&[T]| !arg.iter().all(|x| x.is_absent());
        self.slices().into_iter().map(|arg| Some(arg).filter(variable)).collect()
    }
}

/// Adds to a sum that may still be 0.
fn add<T: Real>(sum: &mut [T], terms: Vec<T>) {
    for (sum, term) in sum.iter_mut().zip(terms) {
        *sum = if sum.is_absent() { term } else { *sum + term };
    }
}

/// Adds to `sum` the derivative of `op` at `args` along `slopes`.
fn add_first<T: Real>(
    call: Call<'_>,
    op: Op,
    args: &[&[T]],
    slopes: &[Option<&[T]>],
    sum: &mut [T],
) -> Result<(), Error> {
    terms(op, args, slopes).try_for_each(|(op, args)| T::external(call, op, &args).map(|term| add(sum, term)))
}

/// Adds to `sum` the second derivative of F(x) along `u` and `v`, where `uv` are the second derivatives of x: `J·uv + D²F[u, v]`. A
/// number of second order is never asked for another product, whose second derivatives would be of third order.
fn add_second<T: Real>(call: Call<'_>, x: &[&[T]], [u, v, uv]: [&Parts<T>; 3], sum: &mut [T]) -> Result<(), Error> {
    add_first(call, Op::Value, x, &uv.slopes(), sum)?;
    if let ([Some(u)], [Some(v)]) = (&*u.slopes(), &*v.slopes()) {
        add(sum, T::external(call, Op::Second, &[x[0], u, v])?);
    }
    Ok(())
}

/// Numbers: the orders of derivatives that a level has, and the derivatives of its results `y`, whose values are known.
macro_rules! external {
    ($($Number:ident [$($N:ident),*], $order:expr, |$call:ident, $op:ident, $args:ident, $at:ident, $y:ident| $derivatives:expr;)*) => { $(
        impl<T: Real, $(const $N: usize),*> Passable for $Number<T, $($N),*> {
            fn has_external(function: &Function, op: Option<Op>) -> Result<(), Error> {
                let mut op = op;
                for _ in 0..$order {
                    T::has_external(function, op)?;
                    op = op.and_then(Op::next);
                }
                T::has_external(function, op)
            }

            fn external($call: Call<'_>, $op: Op, $args: &[&[Self]]) -> Result<Vec<Self>, Error> {
                let values = Parts::new($args, |x| x.re);
                let $at = values.slices();
                let mut $y: Vec<Self> = T::external($call, $op, &$at)?.into_iter().map(Self::constant).collect();
                $derivatives
                carry($args, &mut $y);
                Ok($y)
            }
        }
    )* };
}

/// Adds derivatives of results, which `part` takes from a result.
fn with_part<D, T: Real>(
    y: &mut [D],
    part: impl Fn(&mut D) -> &mut T,
    add: impl FnOnce(&mut [T]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut sum: Vec<T> = y.iter_mut().map(|_| T::absent()).collect();
    add(&mut sum)?;
    y.iter_mut().zip(sum).for_each(|(y, sum)| *part(y) = sum);
    Ok(())
}

external! {
    Dual [N], 1, |call, op, args, at, y| {
        for i in 0..N {
            let slopes = Parts::new(args, |x| x.eps[i]);
            with_part(&mut y, |y| &mut y.eps[i], |sum| add_first(call, op, &at, &slopes.slopes(), sum))?;
        }
    };
    Taylor [K], K, |call, op, args, at, y| {
        let half = T::Float::lit(0.5);
        let coefficients = |k: usize| Parts::new(args, |x| x.coeffs[k]);
        if K > 0 {
            let first = coefficients(0);
            with_part(&mut y, |y| &mut y.coeffs[0], |sum| add_first(call, op, &at, &first.slopes(), sum))?;
            if K > 1 {
                let second = Parts::new(args, |x| x.coeffs[1].times(T::Float::lit(2.0)));
                with_part(&mut y, |y| &mut y.coeffs[1], |sum| {
                    add_second(call, &at, [&first, &first, &second], sum)?;
                    sum.iter_mut().for_each(|y| *y = y.times(half));
                    Ok(())
                })?;
            }
        }
    };
    Dual2 [N], 2, |call, op, args, at, y| {
        let slopes: Vec<_> = (0..N).map(|i| Parts::new(args, |x| x.grad[i])).collect();
        for i in 0..N {
            with_part(&mut y, |y| &mut y.grad[i], |sum| add_first(call, op, &at, &slopes[i].slopes(), sum))?;
            for j in 0..=i {
                let both = Parts::new(args, |x| x.hess[(i, j)]);
                let parts = [&slopes[i], &slopes[j], &both];
                with_part(&mut y, |y| y.hess.entry(i, j), |sum| add_second(call, &at, parts, sum))?;
            }
        }
    };
    HyperDual [M, N], 2, |call, op, args, at, y| {
        let first: Vec<_> = (0..M).map(|i| Parts::new(args, |x| x.eps1[i])).collect();
        let second: Vec<_> = (0..N).map(|j| Parts::new(args, |x| x.eps2[j])).collect();
        for (i, u) in first.iter().enumerate() {
            with_part(&mut y, |y| &mut y.eps1[i], |sum| add_first(call, op, &at, &u.slopes(), sum))?;
            for (j, v) in second.iter().enumerate() {
                let both = Parts::new(args, |x| x.eps1eps2[i][j]);
                with_part(&mut y, |y| &mut y.eps1eps2[i][j], |sum| add_second(call, &at, [u, v, &both], sum))?;
            }
        }
        for (j, v) in second.iter().enumerate() {
            with_part(&mut y, |y| &mut y.eps2[j], |sum| add_first(call, op, &at, &v.slopes(), sum))?;
        }
    };
}

/// In a program each product is one operation, which is called again at each point.
#[cfg(feature = "program")]
impl<T: Real> Passable for Traced<T> {
    fn has_external(function: &Function, op: Option<Op>) -> Result<(), Error> {
        T::has_external(function, op)
    }

    fn external(call: Call<'_>, op: Op, args: &[&[Self]]) -> Result<Vec<Self>, Error> {
        use crate::graph::body::{Callee, Live};
        use alloc::{boxed::Box, sync::Arc, vec};

        let values: Vec<Vec<T>> = args.iter().map(|arg| arg.iter().map(|x| x.value()).collect()).collect();
        let slices: Vec<&[T]> = values.iter().map(Vec::as_slice).collect();
        let y = T::external(call, op, &slices)?;
        let Call { place, .. } = call;
        let (function, lengths, results) =
            (call.function.clone(), values.iter().map(Vec::len).collect::<Vec<_>>(), y.len());
        let live = move |mut x: &[T]| {
            let args: Vec<&[T]> = lengths.iter().map(|&length| x.split_off(..length).expect("all arguments")).collect();
            let call = Call { function: &function, in_sweep: true, place };
            // What is not finite is computed again by the function itself, which then returns the error.
            T::external(call, op, &args).unwrap_or_else(|_| vec![T::nan(); results])
        };
        let callee = Callee::Live(Arc::new(Live::new::<T>(Box::new(live), results, place)));
        let numbers: Vec<(u32, T)> = (0..).zip(y).collect();
        Ok(Self::call(callee, &args.concat(), &numbers))
    }
}
