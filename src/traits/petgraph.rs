//! petgraph: the measure traits, for weights of edges.

/// Functions `$name(n: $In) -> Self`: constants of the value type.
macro_rules! from {
    ($Trait:path, $T:ident, $($name:ident $In:ty),*) => { $(
        #[inline]
        fn $name(n: $In) -> Self {
            Self::constant(<$T as $Trait>::$name(n))
        }
    )* };
}
pub(crate) use from;

macro_rules! petgraph {
    ($Number:ty, [$($params:tt)*]) => {
        const _: () = {
            use $crate::traits::num::constants;
            use $crate::traits::petgraph::from;
            use ::petgraph::algo::{BoundedMeasure, FloatMeasure, PositiveMeasure, UnitMeasure};

            impl<T: $crate::Real + FloatMeasure, $($params)*> FloatMeasure for $Number {
                constants!(FloatMeasure, T, zero, infinite);
                from!(FloatMeasure, T, from_f32 f32, from_f64 f64);
            }

            impl<T: $crate::Real + PositiveMeasure, $($params)*> PositiveMeasure for $Number {
                constants!(PositiveMeasure, T, zero, max);
            }

            impl<T: $crate::Real + UnitMeasure, $($params)*> UnitMeasure for $Number {
                constants!(UnitMeasure, T, zero, one, default_tol);
                from!(UnitMeasure, T, from_usize usize, from_f32 f32, from_f64 f64);
            }

            impl<T: $crate::Real + BoundedMeasure, $($params)*> BoundedMeasure for $Number {
                constants!(BoundedMeasure, T, min, max);
                from!(BoundedMeasure, T, from_f32 f32, from_f64 f64);

                #[inline]
                #[cfg_attr(any(feature = "trace", feature = "trap-confusion"), track_caller)]
                fn overflowing_add(self, rhs: Self) -> (Self, bool) {
                    (self + rhs, BoundedMeasure::overflowing_add(self.re, rhs.re).1)
                }
            }
        };
    };
}
pub(crate) use petgraph;
