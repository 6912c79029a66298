//! The methods of `f64` and the traits of other crates, for every number. They are lists of signatures in macros, which
//! do not name a number.
//!
//! A number has a field `re`, implements [`Chain`](crate::rules::Chain), and has the inherent items `constant`,
//! `filled`, `sum`, `difference`, `negative`, `shifted`, `raised`, `scaled`, `product`, `slope_product`, `quotient`,
//! `all_parts`, `map_parts`, `zip_parts` and `DEGREE` (some of which `linear!` makes). One line `number!` does the rest.
//! `common!` makes what does not ask for the value, so that it also serves numbers that must know who asks.

#[cfg(any(feature = "nalgebra", feature = "approx_0_4"))]
pub(crate) mod approx;
#[cfg(feature = "bytemuck")]
pub(crate) mod bytemuck;
pub(crate) mod cmp;
pub(crate) mod confusion;
#[cfg(feature = "euclid")]
pub(crate) mod euclid;
pub(crate) mod fmt;
#[cfg(feature = "geo")]
pub(crate) mod geo;
#[cfg(feature = "lbfgs")]
pub(crate) mod lbfgs;
pub(crate) mod methods;
#[cfg(feature = "ndarray")]
pub(crate) mod ndarray;
pub(crate) mod num;
#[cfg(feature = "diffsol")]
pub(crate) mod diffsol;
#[cfg(any(feature = "num_dual", feature = "num_dual_0_14"))]
pub(crate) mod num_dual;
pub(crate) mod ops;
#[cfg(feature = "petgraph")]
pub(crate) mod petgraph;
#[cfg(feature = "rand_distr")]
pub(crate) mod rand;
#[cfg(feature = "rstar")]
pub(crate) mod rstar;
#[cfg(feature = "serde")]
pub(crate) mod serde;
#[cfg(feature = "nalgebra")]
pub(crate) mod simba;
#[cfg(feature = "trap-loss")]
pub(crate) mod trap;

/// Operations that act on each part separately, for a number that has `zip` over its derivatives.
macro_rules! linear {
    ($Number:ty, $($param:ident $name:ident: $kind:ty),*) => {
        impl<T: $crate::Real, $($param $name: $kind),*> $Number {
            #[inline(always)]
            pub(crate) fn map_parts(self, f: impl Fn(T) -> T) -> Self {
                self.zip(self, f(self.re), |a: T, _: T| f(a))
            }

            pub(crate) const IS_TAPED: bool = false;

            #[cfg(feature = "trap-confusion")]
            pub(crate) fn own_stamp(&mut self) -> Option<&mut u64> {
                Some(&mut self.stamp)
            }

            /// Whether the parts of two numbers may be chosen one by one.
            #[inline(always)]
            pub(crate) fn has_parts_of(self, _: Self) -> bool {
                true
            }

            /// The number whose parts are `f` of both numbers' parts.
            #[inline(always)]
            pub(crate) fn zip_parts(self, y: Self, f: impl Fn(T, T) -> T) -> Self {
                self.zip(y, f(self.re, y.re), |a: T, b: T| f(a, b))
            }

            #[inline(always)]
            pub(crate) fn sum(self, y: Self) -> Self {
                self.zip(y, self.re + y.re, $crate::lanes::formula!(|a, b| a + b))
            }

            #[inline(always)]
            pub(crate) fn difference(self, y: Self) -> Self {
                self.zip(y, self.re - y.re, $crate::lanes::formula!(|a, b| a - b))
            }

            #[inline(always)]
            pub(crate) fn negative(self) -> Self {
                self.zip(self, -self.re, $crate::lanes::formula!(|a, _| -a))
            }

            #[inline(always)]
            pub(crate) fn shifted(self, re: T) -> Self {
                Self { re, ..self }
            }

            /// The sum with a value.
            #[inline(always)]
            pub(crate) fn raised(self, c: T) -> Self {
                self.shifted(self.re + c)
            }
        }
    };
}
pub(crate) use linear;

/// All methods and traits of a number besides its arithmetic. The arguments are the module with its rows, the number,
/// its parameters after the first (the first one is `T`, the type of the value), and its derivative fields. With each
/// field stand the function that prints it and the unit that is printed after it.
macro_rules! number {
    ($rules:ident, $Number:ty, $($param:ident $name:ident: $kind:ty),*; $($print:ident $field:ident $unit:literal),*) => {
        $crate::traits::common! { $rules, $Number, $($param $name: $kind),*; $($print $field $unit),* }
        $crate::traits::cmp::cmp! { $Number, [$($param $name: $kind),*] }
        $crate::traits::methods::questions! { $Number, [$($param $name: $kind),*] }
        $crate::traits::num::real! { $rules, $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "nalgebra")]
        $crate::traits::approx::approx! { [::approx], $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "approx_0_4")]
        $crate::traits::approx::approx! { [::approx_0_4], $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "bytemuck")]
        $crate::traits::bytemuck::bytemuck! { $Number, [$($param $name: $kind),*], $($field),* }
        #[cfg(feature = "diffsol")]
        $crate::traits::diffsol::diffsol! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "euclid")]
        $crate::traits::euclid::euclid! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "geo")]
        $crate::traits::geo::geo! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "lbfgs")]
        $crate::traits::lbfgs::lbfgs! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "ndarray")]
        $crate::traits::ndarray::ndarray! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "petgraph")]
        $crate::traits::petgraph::petgraph! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "rand_distr")]
        $crate::traits::rand::rand! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "rstar")]
        $crate::traits::rstar::rstar! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "serde")]
        $crate::traits::serde::serde! { $Number, [$($param $name: $kind),*], $($field),* }
    };
}
pub(crate) use number;

/// The methods and traits of a number that do not ask for its value.
macro_rules! common {
    ($rules:ident, $Number:ty, $($param:ident $name:ident: $kind:ty),*; $($print:ident $field:ident $unit:literal),*) => {
        $crate::traits::ops::ops! { $rules, $Number, [$($param $name: $kind),*] }
        $crate::traits::fmt::fmt! { $Number, [$($param $name: $kind),*], $($print $field $unit),* }
        $crate::traits::methods::methods! { $rules, $Number, [$($param $name: $kind),*] }
        $crate::returns::single! { [T: $crate::Real, $($param $name: $kind),*] $Number }
        $crate::traits::num::num! { $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "nalgebra")]
        $crate::traits::simba::simba! { [::simba], $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "simba_0_9")]
        $crate::traits::simba::simba! { [::simba_0_9], $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "num_dual")]
        $crate::traits::num_dual::num_dual! { 0.15, $Number, [$($param $name: $kind),*] }
        #[cfg(feature = "num_dual_0_14")]
        $crate::traits::num_dual::num_dual! { 0.14, $Number, [$($param $name: $kind),*] }
    };
}
pub(crate) use common;
