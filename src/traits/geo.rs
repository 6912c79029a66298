//! geo: coordinates. Predicates and orders are those that geo has for the values.

/// The predicates of numbers: those of their values.
#[derive(Debug, Default)]
pub struct OfValues;

macro_rules! geo {
    ($Number:ty, [$($params:tt)*]) => {
        const _: () = {
            use $crate::traits::geo::OfValues;
            use ::geo::{Coord, GeoNum, Kernel, Orientation};

            impl<T: $crate::Real + GeoNum, $($params)*> Kernel<$Number> for OfValues {
                fn orient2d(p: Coord<$Number>, q: Coord<$Number>, r: Coord<$Number>) -> Orientation {
                    let value = |c: Coord<$Number>| Coord { x: c.x.re, y: c.y.re };
                    <T::Ker as Kernel<T>>::orient2d(value(p), value(q), value(r))
                }
            }

            impl<T: $crate::Real + GeoNum, $($params)*> GeoNum for $Number {
                type Ker = OfValues;

                #[inline]
                fn total_cmp(&self, other: &Self) -> core::cmp::Ordering {
                    GeoNum::total_cmp(&self.re, &other.re)
                }
            }

            /// The next float after the value, with the same derivatives.
            impl<T: $crate::Real + ::float_next_after::NextAfter, $($params)*> ::float_next_after::NextAfter for $Number {
                #[inline]
                fn next_after(self, y: Self) -> Self {
                    self.shifted(self.re.next_after(y.re))
                }
            }
        };
    };
}
pub(crate) use geo;
