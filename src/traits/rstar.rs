//! rstar: coordinates in trees, ordered by their values.

macro_rules! rstar {
    ($Number:ty, [$($params:tt)*]) => {
        impl<T: $crate::Real + ::rstar::RTreeNum, $($params)*> ::rstar::RTreeNum for $Number {
            type OrdType = T::OrdType;

            #[inline]
            fn ord(self) -> T::OrdType {
                self.re.ord()
            }
        }
    };
}
pub(crate) use rstar;
