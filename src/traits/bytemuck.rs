//! bytemuck: slices of numbers as bytes. Not for a number whose derivatives stand elsewhere: it has no fields.

macro_rules! bytemuck {
    ($Number:ty, [$($params:tt)*],) => {};
    ($Number:ty, [$($params:tt)*], $($field:ident),+) => {
        // SAFETY: zero bits in every part make a number.
        #[allow(unsafe_code)]
        unsafe impl<T: $crate::Real + ::bytemuck::Zeroable, $($params)*> ::bytemuck::Zeroable for $Number {}

        // SAFETY: it is `repr(C)`, and each of its fields is made of `T` and nothing else, hence without padding, and any
        // bits make a number.
        #[allow(unsafe_code)]
        unsafe impl<T: $crate::Real + ::bytemuck::Pod, $($params)*> ::bytemuck::Pod for $Number {}
    };
}
pub(crate) use bytemuck;
