//! Functions from outside, given by their values and derivatives at floats.

use super::dense::{Dense, product};
use super::op::Op;
use crate::error::{Error, length};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::panic::Location;

/// What a closure of a [`Function`] returns: nothing, or a `Result` whose error says why it failed.
#[diagnostic::on_unimplemented(
    message = "a closure of an external function cannot return `{Self}`",
    note = "it returns `()`, or `Result<(), &'static str>` if it may fail"
)]
pub trait Status {
    /// As a `Result`.
    fn status(self) -> Result<(), &'static str>;
}

impl Status for () {
    fn status(self) -> Result<(), &'static str> {
        Ok(self)
    }
}

impl Status for Result<(), &'static str> {
    fn status(self) -> Self {
        self
    }
}

/// A closure with N arguments that fills a slice.
type Closure<const N: usize> = Arc<dyn Fn([&[f64]; N], &mut [f64]) -> Result<(), &'static str> + Send + Sync>;

/// A function `F: ℝⁿ → ℝᵐ` whose values and derivatives come from outside: a C library, a table, a solver, another tool.
///
/// It is made of closures over plain floats, and is called with numbers of any kind. Which closures a number needs depends on
/// its type alone:
///
/// | number | value and |
/// |---|---|
/// | `f64`, `f32` | nothing |
/// | `Dual` | [`jvp`](Self::jvp) or [`jacobian`](Self::jacobian) |
/// | `Var` | [`vjp`](Self::vjp) or [`jacobian`](Self::jacobian) |
/// | `Dual2`, `HyperDual`, `Dual<Dual>`, `Taylor` of order 2 | the same as `Dual`, and [`second`](Self::second) or [`hvp`](Self::hvp) |
/// | `Var<Dual>`, `Dual<Var>`, `Var<Var>` | both first derivatives, and [`hvp`](Self::hvp) |
///
/// If one is missing, [`call`](Self::call) returns [`Error::MissingDerivative`]. There are no third derivatives.
///
/// A closure writes its result to the slice that it gets last. The slice is filled with NaN before, so an entry that was
/// not written is noticed. The closure must write the same for the same arguments. It returns nothing, or `Result<(), &'static
/// str>` if it can fail.
///
/// Closures are `Send + Sync + 'static`, because a recording keeps them, may be kept itself and sent to other threads, and a
/// program calls them on all threads. A function that is not thread-safe is put into a `Mutex`.
///
/// ```
/// use nilpotent::external::Function;
/// use nilpotent::{gradient, hessian, reverse, Error};
///
/// // r = √(x² + y²) and the angle.
/// let polar = Function::new("polar", 2, 2, |x, y| (y[0], y[1]) = (x[0].hypot(x[1]), x[1].atan2(x[0])))
///     .jacobian(|x, j| {
///         let r = x[0].hypot(x[1]);
///         j.copy_from_slice(&[x[0] / r, x[1] / r, -x[1] / (r * r), x[0] / (r * r)]);
///     });
/// let (y, dy) = gradient(|x| polar.call(&x).expect("first derivatives")[0] * 2.0, [3.0, 4.0]);
/// assert_eq!((y, dy), (10.0, [1.2, 1.6]));
/// let (_, j) = reverse::try_jacobian(|x: [_; 2]| polar.call(&x), [3.0, 4.0])?;
/// assert_eq!(j, [[0.6, 0.8], [-0.16, 0.12]]);
///
/// // Second derivatives were not given.
/// let missing = nilpotent::try_hessian(|x: [_; 2]| polar.call(&x), [3.0, 4.0]).unwrap_err();
/// assert_eq!(missing.to_string(), "second derivatives of the external function `polar` are missing: it has no `second` or `hvp`");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Function {
    pub(crate) name: &'static str,
    inputs: usize,
    outputs: usize,
    value: Closure<1>,
    along: Option<Closure<2>>,
    back: Option<Closure<2>>,
    second: Option<Closure<3>>,
    curved: Option<Closure<3>>,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "external function `{}` of {} inputs and {} outputs", self.name, self.inputs, self.outputs)
    }
}

/// Declares the methods that take a closure of several slices.
macro_rules! given {
    ($($(#[$doc:meta])* $name:ident: $field:ident($($arg:ident),*);)*) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $name<R: Status>(
            mut self,
            $name: impl Fn($(given!(@slice $arg)),*, &mut [f64]) -> R + Send + Sync + 'static,
        ) -> Self {
            self.$field = Some(Arc::new(move |[$($arg),*]: [&[f64]; _], y: &mut [f64]| $name($($arg),*, y).status()));
            self
        }
    )* };
    (@slice $arg:ident) => { &[f64] };
}

impl Function {
    /// The function of so many inputs and outputs whose closure `value(x, y)` writes `F(x)` to `y`. The name stands in messages,
    /// and with the feature `trace` in recordings.
    pub fn new<R: Status>(
        name: &'static str,
        inputs: usize,
        outputs: usize,
        value: impl Fn(&[f64], &mut [f64]) -> R + Send + Sync + 'static,
    ) -> Self {
        let value: Closure<1> = Arc::new(move |[x]: [&[f64]; 1], y: &mut [f64]| value(x, y).status());
        Self { name, inputs, outputs, value, along: None, back: None, second: None, curved: None }
    }

    /// The same function with its Jacobian: `jacobian(x, j)` writes all entries of J to `j`, row by row: `j[k·n + i] = ∂Fₖ/∂xᵢ`. The
    /// products with it take the place of `jvp` and `vjp`.
    ///
    /// The last matrix is kept (with the feature `std`), because several products with it follow one another.
    #[must_use]
    pub fn jacobian<R: Status>(mut self, jacobian: impl Fn(&[f64], &mut [f64]) -> R + Send + Sync + 'static) -> Self {
        let fill = Box::new(move |x: &[f64], j: &mut [f64]| jacobian(x, j).status());
        let dense = Arc::new(Dense::new(self.inputs * self.outputs, fill));
        let same = dense.clone();
        self.along = Some(Arc::new(move |[x, v]: [&[f64]; 2], y: &mut [f64]| dense.along(x, v, y)));
        self.back = Some(Arc::new(move |[x, w]: [&[f64]; 2], y: &mut [f64]| same.back(x, w, y)));
        self
    }

    given! {
        /// The same function with `J·v`: `jvp(x, v, y)` writes `Σᵢ ∂Fₖ/∂xᵢ·vᵢ` to `y[k]`. Each partial of a number takes one call.
        jvp: along(x, v);
        /// The same function with `wᵀJ`: `vjp(x, w, y)` writes `Σₖ wₖ·∂Fₖ/∂xᵢ` to `y[i]`. Each sweep takes one call, and a Jacobian's
        /// sweep of four matrix rows takes four.
        vjp: back(x, w);
        /// The same function with second derivatives: `hvp(x, w, v, y)` writes `Σₖ wₖ Σⱼ ∂²Fₖ/∂xᵢ∂xⱼ·vⱼ` to `y[i]`, the Hessian of the
        /// weighted sum of all outputs times a vector. This is all that numbers of second order need.
        ///
        /// ```
        /// use nilpotent::external::Function;
        /// use nilpotent::{hessian, reverse};
        ///
        /// // x²·y
        /// let f = Function::new("x²y", 2, 1, |x, y| y[0] = x[0] * x[0] * x[1])
        ///     .jacobian(|x, j| j.copy_from_slice(&[2.0 * x[0] * x[1], x[0] * x[0]]))
        ///     .hvp(|x, w, v, y| {
        ///         y[0] = w[0] * (2.0 * x[1] * v[0] + 2.0 * x[0] * v[1]);
        ///         y[1] = w[0] * 2.0 * x[0] * v[0];
        ///     });
        /// let expected = (12.0, [12.0, 4.0], [[6.0, 4.0], [4.0, 0.0]]);
        /// assert_eq!(hessian(|x| f.call(&x).expect("given")[0], [2.0, 3.0]), expected);
        /// assert_eq!(reverse::hessian(|x| f.call(&x).expect("given")[0], [2.0, 3.0]), expected);
        /// ```
        hvp: curved(x, w, v);
        /// The same function with second derivatives in forward mode: `second(x, u, v, y)` writes `Σᵢⱼ ∂²Fₖ/∂xᵢ∂xⱼ·uᵢ·vⱼ` to `y[k]`. Without
        /// it one such vector takes a call of `hvp` for each output.
        second: second(x, u, v);
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// An error if the floats' derivatives for `op` were not given, or if there is no such derivative.
    pub(crate) fn has(&self, op: Option<Op>) -> Result<Op, Error> {
        let function = self.name;
        let Some(op) = op else {
            return Err(Error::MissingDerivative { function, order: 3, given_by: "" });
        };
        let given = match op {
            Op::Value => true,
            Op::Along => self.along.is_some(),
            Op::Back => self.back.is_some(),
            Op::Second => self.second.is_some() || self.curved.is_some(),
            Op::Curved => self.curved.is_some(),
        };
        let (order, given_by) = op.given_by();
        if given { Ok(op) } else { Err(Error::MissingDerivative { function, order, given_by }) }
    }

    /// An error unless there are so many numbers.
    pub(crate) fn takes(&self, found: usize) -> Result<(), Error> {
        length("inputs of the external function", self.inputs, found)
    }

    /// Calls the closure for `op`, which the function [`has`](Self::has).
    fn fill(&self, op: Op, args: &[&[f64]], y: &mut [f64]) -> Result<(), &'static str> {
        match (op, args, &self.along, &self.back, &self.second, &self.curved) {
            (Op::Value, &[x], ..) => (self.value)([x], y),
            (Op::Along, &[x, v], Some(along), ..) => along([x, v], y),
            (Op::Back, &[x, w], _, Some(back), ..) => back([x, w], y),
            (Op::Second, &[x, u, v], _, _, Some(second), _) => second([x, u, v], y),
            (Op::Curved, &[x, w, v], .., Some(curved)) => curved([x, w, v], y),
            (Op::Second, &[x, u, v], .., Some(curved)) => {
                let (mut weights, mut row) = (vec![0.0; self.outputs], vec![f64::NAN; self.inputs]);
                for (k, y) in y.iter_mut().enumerate() {
                    weights[k] = 1.0;
                    row.fill(f64::NAN);
                    curved([x, &weights, v], &mut row)?;
                    weights[k] = 0.0;
                    *y = product(&row, u);
                }
                Ok(())
            }
            _ => unreachable!("{op:?} was not given"),
        }
    }

    /// The result of `op` at floats. A NaN made of numbers is an error, but not in a sweep, which nobody could tell.
    fn run(&self, op: Op, args: &[&[f64]], in_sweep: bool) -> Result<Vec<f64>, Error> {
        self.has(Some(op))?;
        let (function, part) = (self.name, op.formula());
        let mut y = vec![f64::NAN; if op.is_of_inputs() { self.inputs } else { self.outputs }];
        self.fill(op, args, &mut y).map_err(|reason| Error::ExternalFailed { function, part, reason })?;
        match y.iter().position(|y| y.is_nan()) {
            Some(index) if !in_sweep && !args.iter().any(|x| x.iter().any(|x| x.is_nan())) => {
                Err(Error::ExternalNan { function, part, index })
            }
            _ => Ok(y),
        }
    }
}

/// A call of a function with numbers, or a part of its sweep.
#[derive(Clone, Copy, Debug)]
pub struct Call<'f> {
    pub(crate) function: &'f Function,
    pub(crate) in_sweep: bool,
    /// Where the function was called, for recordings.
    #[cfg_attr(not(feature = "std"), allow(dead_code))]
    pub(crate) place: &'static Location<'static>,
}

/// A number that can be passed to functions from outside: it says how derivatives of the function become its own.
pub trait Passable: Sized {
    /// An error if `op` at such numbers needs derivatives that the function was not given.
    #[doc(hidden)]
    fn has_external(function: &Function, op: Option<Op>) -> Result<(), Error>;

    /// The result of `op` at these numbers, for which `has_external` found no error.
    #[doc(hidden)]
    fn external(call: Call<'_>, op: Op, args: &[&[Self]]) -> Result<Vec<Self>, Error>;
}

/// Floats. An external function computes in f64.
macro_rules! float {
    ($($T:ty)*) => { $(
        impl Passable for $T {
            fn has_external(function: &Function, op: Option<Op>) -> Result<(), Error> {
                function.has(op).map(|_| ())
            }

            fn external(call: Call<'_>, op: Op, args: &[&[Self]]) -> Result<Vec<Self>, Error> {
                let args: Vec<Vec<f64>> = args.iter().map(|x| x.iter().map(|&x| x.into()).collect()).collect();
                let args: Vec<&[f64]> = args.iter().map(|x| x.as_slice()).collect();
                let y = call.function.run(op, &args, call.in_sweep)?;
                Ok(y.into_iter().map(|y| y as Self).collect())
            }
        }
    )* };
}
float!(f32 f64);
